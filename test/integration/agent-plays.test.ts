import { unpackHealth } from '@loa/contract';
import { ALL_DAY, aTone, EASY_CONFIG, makeAgent, planAt, startController } from '@loa/edge-agent/testing';
import { systemClock } from '@loa/kernel';
import { afterEach, describe, expect, it } from 'vitest';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
const soon = { timeout: 30_000 };
const inMs = (ms: number) => systemClock.now().epochMilliseconds + ms;

async function aCluster() {
  const controller = await startController();
  stops.push(controller.stop);
  const sound = controller.serve(aTone());
  const outcomes = () =>
    controller.events.flatMap((event) =>
      event.kind === 'outcome' ? [`${event.result} ${event.reason}`] : [],
    );
  const run = async (options?: Parameters<typeof makeAgent>[1]) => {
    const made = makeAgent(controller.url, options);
    stops.push(made.agent.stop);
    await made.agent.start();
    return made;
  };
  const settle = async () => {
    await controller.send({ kind: 'config', body: EASY_CONFIG });
    await controller.send({ kind: 'policy', body: ALL_DAY });
  };
  return { controller, sound, outcomes, run, settle };
}

describe('an agent', () => {
  it('enrols, greets, takes a plan, fetches its sound, plays on time and proves it', async () => {
    const { controller, sound, outcomes, run, settle } = await aCluster();
    await run();
    await expect.poll(() => controller.hellos.length, soon).toBe(1);
    await settle();
    await controller.send({ kind: 'plan', body: planAt([inMs(3_000)], sound) });
    await expect.poll(outcomes, soon).toEqual(['played complete']);
    const [outcome] = controller.events.filter((event) => event.kind === 'outcome');
    expect(outcome).toMatchObject({ evidence: 'sink', airing: { repeatsDone: 1 } });
    const airing = outcome?.kind === 'outcome' ? outcome.airing : null;
    expect(Math.abs(airing?.startErrorMs ?? 1e9)).toBeLessThan(50);
    expect(controller.receipts.map(({ kind, verdict }) => `${kind} ${verdict}`)).toEqual([
      'config accepted',
      'policy accepted',
      'plan accepted',
    ]);
    const health = unpackHealth(controller.health.at(-1) ?? new Uint8Array());
    expect(health).toMatchObject({ clock: 'trusted', sinkReady: true, readinessPercent: 100 });
  });

  it('P6 plays its plan while nobody answers at the other end, and delivers the proof when somebody does', async () => {
    const { controller, sound, outcomes, run, settle } = await aCluster();
    const { log } = await run();
    await expect.poll(() => controller.hellos.length, soon).toBe(1);
    await settle();
    await controller.send({ kind: 'plan', body: planAt([inMs(3_500)], sound) });
    const isHeld = () => controller.events.some((event) => event.kind === 'media' && event.state === 'held');
    await expect.poll(isHeld, soon).toBe(true);
    controller.options.welcomes = false;
    controller.broker.cut();
    await expect
      .poll(() => log.lines.some(({ message }) => message === 'a broadcast ended'), soon)
      .toBe(true);
    expect(outcomes()).toEqual([]);
    controller.options.welcomes = true;
    await expect.poll(outcomes, soon).toEqual(['played complete']);
  });

  it('P6 started again with nobody to answer, it plays the plan that it holds', async () => {
    const { controller, sound, run, settle } = await aCluster();
    const { agent, dataDir } = await run();
    await expect.poll(() => controller.hellos.length, soon).toBe(1);
    await settle();
    await controller.send({ kind: 'plan', body: planAt([inMs(6_000)], sound) });
    const isHeld = () => controller.events.some((event) => event.kind === 'media' && event.state === 'held');
    await expect.poll(isHeld, soon).toBe(true);
    await agent.stop();
    await controller.stop();
    const { log } = await run({ dataDir });
    await expect
      .poll(() => log.lines.some(({ message }) => message === 'a broadcast ended'), soon)
      .toBe(true);
  });

  it('P4 stopped in the middle of a sound, it tells so at its next start and does not play it again', async () => {
    const { controller, sound, outcomes, run, settle } = await aCluster();
    const { agent, dataDir, log } = await run();
    await expect.poll(() => controller.hellos.length, soon).toBe(1);
    await settle();
    const plan = planAt([inMs(2_500)], sound, { times: 20, plannedMs: 14_000 });
    await controller.send({ kind: 'plan', body: plan });
    await expect
      .poll(() => log.lines.some(({ message }) => message === 'a broadcast started'), soon)
      .toBe(true);
    await agent.stop();
    const again = await run({ dataDir });
    await expect.poll(outcomes, soon).toEqual(['partial agent-stopped']);
    expect(again.log.lines.filter(({ message }) => message === 'a broadcast started')).toEqual([]);
  });

  it('P5 a controller that commits nothing gets everything again, once and in order', async () => {
    const { controller, run, settle } = await aCluster();
    controller.options.acks = false;
    const { agent, dataDir } = await run();
    await expect.poll(() => controller.hellos.length, soon).toBe(1);
    await settle();
    await expect.poll(() => controller.events.length, soon).toBeGreaterThan(2);
    await agent.stop();
    controller.options.acks = true;
    await run({ dataDir });
    await expect.poll(() => controller.events.filter(({ kind }) => kind === 'boot').length, soon).toBe(2);
    expect(controller.events.map(({ seq }) => seq)).toEqual(controller.events.map((_, index) => index + 1));
  });

  it('a restored controller gets the signed originals that it asks for', async () => {
    const { controller, sound, run, settle } = await aCluster();
    await run();
    await expect.poll(() => controller.hellos.length, soon).toBe(1);
    await settle();
    const sent = await controller.send({ kind: 'plan', body: planAt([inMs(3_600_000)], sound) });
    await expect.poll(() => controller.receipts.length, soon).toBe(3);
    controller.options.wants = ['plan', 'policy'];
    controller.broker.cut();
    const originals = () =>
      controller.events.flatMap((event) => (event.kind === 'original' ? [[event.state, event.jws]] : []));
    await expect.poll(() => originals().length, soon).toBe(2);
    expect(originals()[0]).toEqual(['plan', sent]);
    expect(controller.hellos.at(-1)?.states).toMatchObject({ plan: { epoch: 1 }, policy: { epoch: 1 } });
  });

  it('P9 falls silent at once under a hold, says so, and sounds an emergency all the same', async () => {
    const { controller, sound, outcomes, run, settle } = await aCluster();
    const { log } = await run();
    await expect.poll(() => controller.hellos.length, soon).toBe(1);
    await settle();
    await controller.send({
      kind: 'plan',
      body: planAt([inMs(2_500)], sound, { times: 30, plannedMs: 20_000 }),
    });
    const starts = () => log.lines.filter(({ message }) => message === 'a broadcast started').length;
    await expect.poll(starts, soon).toBe(1);
    const hold = {
      id: 'h1',
      includesEmergency: false,
      fromMs: 0,
      untilMs: null,
      reason: 'Tang lễ',
      by: 'chủ tịch',
    };
    await controller.send({ kind: 'hold', body: { holds: [hold] } });
    await expect.poll(outcomes, soon).toEqual(['partial hold']);
    const confirmed = () => controller.events.filter((event) => event.kind === 'hold');
    await expect.poll(confirmed, soon).toMatchObject([{ holds: ['h1'], silent: true }]);
    const rules = {
      class: 'emergency',
      rank: 0,
      start: { kind: 'hard' },
      end: { kind: 'finish' },
      preempted: 'drop',
      late: { kind: 'never' },
    };
    await controller.send({
      kind: 'play',
      body: {
        occurrenceId: 'emg-1',
        title: 'Cảnh báo lũ',
        rules,
        sounds: [{ ...sound, durationMs: 607 }],
        parts: [{ kind: 'sound', sound: 0 }],
        repeat: { times: 3, gapMs: 100 },
        gainDb: 0,
        startAtMs: null,
        stopByMs: inMs(60_000),
        drill: true,
        authority: { kind: 'two-persons', by: 'A', confirmedBy: 'B' },
      },
    });
    await expect.poll(outcomes, soon).toEqual(['partial hold', 'played complete']);
    expect(controller.events.filter((event) => event.kind === 'outcome').at(-1)).toMatchObject({
      occurrenceId: 'emg-1',
      airing: { repeatsDone: 3 },
    });
  });

  it('P1 a sound that is not the one promised never sounds, and the reason is told', async () => {
    const { controller, outcomes, run, settle } = await aCluster();
    const name = 'a'.repeat(64);
    controller.serve(aTone(), name);
    await run();
    await expect.poll(() => controller.hellos.length, soon).toBe(1);
    await settle();
    const plan = planAt([inMs(2_000)], { sha256: name, bytes: aTone().length });
    const [item] = plan.content.items;
    const late = { kind: 'within' as const, maxLateMs: 2_000 };
    const items = item ? [{ ...item, rules: { ...item.rules, late } }] : [];
    await controller.send({ kind: 'plan', body: { kind: 'inline', content: { ...plan.content, items } } });
    await expect.poll(outcomes, soon).toEqual(['missed no-media']);
    expect(controller.events.filter((event) => event.kind === 'media')[0]).toMatchObject({
      state: 'failed',
      code: 'media/hash-differs',
    });
  });
});
