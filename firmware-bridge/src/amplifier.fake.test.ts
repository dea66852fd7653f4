import { fakeClock } from '@loa/kernel/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { describeAmplifier } from './amplifier.conformance.ts';
import { createFakeAmplifier, FAKE_REPLY_TIMEOUT_MS, type FakeAmplifier } from './amplifier.fake.ts';

for (const failSafe of ['device-timer', 'none'] as const)
  describeAmplifier(`a fake with failSafe ${failSafe}`, () => {
    const clock = fakeClock();
    const amplifier = createFakeAmplifier({ clock, failSafe });
    return {
      amplifier,
      pass: (ms) => clock.advance(ms),
      devicePower: () => amplifier.relay(),
      cutCable: () => amplifier.fail('no-reply'),
      stickRelay: () => amplifier.fail('stuck-relay'),
    };
  });

describe('what a fake amplifier can be told to do', () => {
  let clock: ReturnType<typeof fakeClock>;
  let amplifier: FakeAmplifier;

  beforeEach(async () => {
    clock = fakeClock();
    amplifier = createFakeAmplifier({ clock });
    await amplifier.start();
  });

  it('remembers when its relay moved, and nothing for a renewal', async () => {
    await clock.advance(100);
    await amplifier.powerOn({ leaseMs: 5_000 });
    await clock.advance(1_000);
    await amplifier.powerOn({ leaseMs: 5_000 });
    await clock.advance(60_000);
    expect(amplifier.history).toEqual([
      { monotonicMs: 100, power: 'on' },
      { monotonicMs: 6_100, power: 'off' },
    ]);
  });

  it('stays on behind a cut cable when it has no timer of its own', async () => {
    const untrusted = createFakeAmplifier({ clock, failSafe: 'none' });
    await untrusted.start();
    await untrusted.powerOn({ leaseMs: 5_000 });
    untrusted.fail('no-reply');
    await clock.advance(60_000);
    expect(untrusted.relay()).toBe('on');
  });

  it('obeys a command whose answer is lost', async () => {
    amplifier.fail('lost-reply', { times: 1 });
    const failed = expect(amplifier.powerOn({ leaseMs: 5_000 })).rejects.toMatchObject({
      code: 'amplifier/no-reply',
      retryable: true,
    });
    await clock.advance(FAKE_REPLY_TIMEOUT_MS);
    await failed;
    expect(amplifier.relay()).toBe('on');
  });

  it('keeps a stuck relay closed beyond powerOff and beyond its lease', async () => {
    await amplifier.powerOn({ leaseMs: 5_000 });
    amplifier.fail('stuck-relay');
    await expect(amplifier.powerOff()).rejects.toMatchObject({ code: 'amplifier/not-confirmed' });
    await clock.advance(60_000);
    expect(amplifier.relay()).toBe('on');
  });

  it('meets scripted faults in turn and is healthy after them', async () => {
    amplifier.fail('refused', { times: 2 });
    amplifier.fail('stuck-relay', { times: 1 });
    const outcomes = [];
    for (let call = 0; call < 4; call++)
      outcomes.push(
        await amplifier.powerOn({ leaseMs: 5_000 }).then(
          () => 'on',
          (error: { code: string }) => error.code,
        ),
      );
    expect(outcomes).toEqual(['amplifier/refused', 'amplifier/refused', 'amplifier/not-confirmed', 'on']);
  });

  it('answers slowly, and is given up on when too slow', async () => {
    amplifier.replyAfter(300);
    const reading = amplifier.read();
    await clock.advance(299);
    expect(clock.sleepers()).toBe(1);
    await clock.advance(1);
    expect((await reading).power).toBe('off');
    amplifier.replyAfter(FAKE_REPLY_TIMEOUT_MS);
    const failed = expect(amplifier.read()).rejects.toMatchObject({ code: 'amplifier/no-reply' });
    await clock.advance(FAKE_REPLY_TIMEOUT_MS);
    await failed;
  });

  it('shows what it is told to measure, and tells its listeners', async () => {
    const heard: unknown[] = [];
    amplifier.onChange((state) => heard.push(state.line));
    amplifier.show({ line: { kind: 'open' }, supply: { source: 'battery', voltageV: 11.8 }, door: 'open' });
    expect(await amplifier.read()).toEqual({
      power: 'off',
      gainDb: 0,
      line: { kind: 'open' },
      faults: [],
      supply: { source: 'battery', voltageV: 11.8 },
      door: 'open',
    });
    expect(heard).toEqual([{ kind: 'open' }]);
  });

  it('goes off when it overheats and refuses to come on until it cools', async () => {
    await amplifier.powerOn({ leaseMs: 5_000 });
    amplifier.show({ faults: ['overheat'], temperatureC: 96 });
    expect(amplifier.relay()).toBe('off');
    await expect(amplifier.powerOn({ leaseMs: 5_000 })).rejects.toMatchObject({
      code: 'amplifier/overheat',
      retryable: false,
    });
    amplifier.show({ faults: [], temperatureC: 60 });
    await amplifier.powerOn({ leaseMs: 5_000 });
    expect(amplifier.relay()).toBe('on');
  });

  it('tells how much of the lease is left', async () => {
    await amplifier.powerOn({ leaseMs: 5_000 });
    await clock.advance(1_200);
    expect((await amplifier.read()).leaseLeftMs).toBe(3_800);
  });

  it('leaves no timer behind when stopped', async () => {
    await amplifier.powerOn({ leaseMs: 5_000 });
    await amplifier.stop(new AbortController().signal);
    expect(clock.sleepers()).toBe(0);
  });
});
