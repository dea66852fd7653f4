import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALL_DAY, EASY_CONFIG, planAt, startController } from '@loa/edge-agent/testing';
import { silentLogger, sleepUntil, systemClock } from '@loa/kernel';
import { createTranscoder, OPUS_RATE_HZ, prepareSound, resolveFfmpeg, writeWav } from '@loa/media';
import { syntheticSpeech } from '@loa/media/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentProcess, startAgent } from '../support/agent-process.ts';
import { approvedSound, proveByRecording } from '../support/proof.ts';
import { waitFor } from '../support/wait-for.ts';

const soon = { timeout: 30_000 };
const nowMs = () => systemClock.now().epochMilliseconds;
const SOUND_SECONDS = 1.5;

let folder: string;
let controller: Awaited<ReturnType<typeof startController>>;
let agent: AgentProcess;
let sound: { readonly sha256: string; readonly bytes: number };
let reference: Int16Array;
let beganMs: number;

/** A real box whose controller is a script that knows the keys, so that it can also lie. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-orders-'));
  const bytes = await aSound();
  reference = await approvedSound([bytes]);
  controller = await startController();
  sound = controller.serve(bytes);
  agent = startAgent(join(folder, 'box'), {
    controllerUrl: controller.url,
    claimCode: 'abcd-efgh-jkmn-pqrs',
  });
  await waitFor('the greeting', async () => controller.hellos[0]);
  await controller.send({ kind: 'config', body: EASY_CONFIG });
  await controller.send({ kind: 'policy', body: ALL_DAY });
  await waitFor('both receipts', async () => controller.receipts[1]);
  beganMs = nowMs();
});

afterAll(async () => {
  await agent?.stop();
  await controller?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function aSound(): Promise<Uint8Array> {
  const ffmpeg = await resolveFfmpeg({ env: process.env, log: silentLogger });
  const transcoder = createTranscoder({ ffmpeg, clock: systemClock, log: silentLogger });
  const inputPath = join(folder, 'voice.wav');
  await writeFile(inputPath, writeWav(syntheticSpeech({ seconds: SOUND_SECONDS }), OPUS_RATE_HZ));
  const { path } = await prepareSound({ transcoder, inputPath, outputDir: folder });
  await transcoder.stop(AbortSignal.timeout(5_000));
  return readFile(path);
}

/** An order to play at once, which nothing but its signature and its address could stop. */
const anEmergency = (occurrenceId: string) => ({
  kind: 'play' as const,
  body: {
    occurrenceId,
    title: 'Cảnh báo lũ',
    rules: {
      class: 'emergency',
      rank: 0,
      start: { kind: 'hard' },
      end: { kind: 'finish' },
      preempted: 'drop',
      late: { kind: 'never' },
    },
    sounds: [{ ...sound, durationMs: SOUND_SECONDS * 1000 }],
    parts: [{ kind: 'sound', sound: 0 }],
    repeat: { times: 1, gapMs: 0 },
    gainDb: 0,
    startAtMs: null,
    stopByMs: nowMs() + 60_000,
    drill: true,
    authority: { kind: 'two-persons', by: 'A', confirmedBy: 'B' },
  },
});

/** What the box wrote of what it would not obey. */
const refused = () =>
  controller.events.flatMap((event) => (event.kind === 'refused' ? [`${event.channel}: ${event.code}`] : []));
const answers = () => controller.receipts.map(({ kind, verdict, code }) => [kind, verdict, code]);
const outcomes = () =>
  controller.events.flatMap((event) =>
    event.kind === 'outcome' ? [`${event.occurrenceId} ${event.result}`] : [],
  );
const hearingsSince = async (beganMs: number) =>
  (await proveByRecording(agent.recordings, reference, beganMs)).hearings;

describe('P1 nothing unsigned sounds:', () => {
  it.each([
    [
      'an unsigned order',
      'order: order/not-jws',
      async () => controller.sendRaw('order', JSON.stringify(anEmergency('unsigned'))),
    ],
    [
      'an altered order',
      'order: order/bad-signature',
      async () => {
        const [header, payload = '', signature] = (await controller.sign(anEmergency('honest'))).split('.');
        const altered = Buffer.from(payload, 'base64url').toString().replace('honest', 'forged');
        const forged = Buffer.from(altered).toString('base64url');
        controller.sendRaw('order', [header, forged, signature].join('.'));
      },
    ],
    [
      'an order that a stranger signed',
      'order: order/unknown-key',
      async () => controller.send({ ...anEmergency('strange'), key: 'stranger' }),
    ],
    [
      'an order to another box',
      'order: order/wrong-device',
      async () => controller.send({ ...anEmergency('elsewhere'), device: 'box-0002' }),
    ],
    [
      'an order on a channel that carries none',
      'welcome: order/wrong-channel',
      async () => controller.send(anEmergency('astray'), 'welcome'),
    ],
  ] as const)('%s is refused by name', async (_, told, send) => {
    await send();
    await expect.poll(refused, soon).toContain(told);
  });

  it('a replayed order sounds once, and none of the others at all', async () => {
    const order = await controller.send(anEmergency('flood-1'));
    await expect.poll(outcomes, soon).toEqual(['flood-1 played']);
    controller.sendRaw('order', order);
    await expect
      .poll(() => answers().slice(-2), soon)
      .toEqual([
        ['play', 'accepted', null],
        ['play', 'refused', 'order/replayed'],
      ]);
    await sleepUntil(systemClock, systemClock.now().add({ milliseconds: SOUND_SECONDS * 1000 + 500 }));
    expect(await hearingsSince(beganMs)).toMatchObject([{ coverage: 1 }]);
  });

  it('after all of that the box still plays its plan and has lost nothing', async () => {
    const startsAtMs = Math.ceil(nowMs() / 1000) * 1000 + 6_000; // clear of what was heard before
    await controller.send({ kind: 'plan', body: planAt([startsAtMs], sound, { plannedMs: 1_500 }) });
    await expect.poll(() => outcomes().length, soon).toBe(2);
    expect(outcomes().at(-1)).toMatch(/ played$/);
    expect(await hearingsSince(startsAtMs)).toMatchObject([{ coverage: 1 }]);
    expect(controller.events.map(({ seq }) => seq)).toEqual(controller.events.map((_, index) => index + 1));
  });
});
