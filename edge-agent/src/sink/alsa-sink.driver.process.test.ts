import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '@loa/kernel';
import { memoryLogger } from '@loa/kernel/testing';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type AlsaSinkOptions, createAlsaSink } from './alsa-sink.driver.ts';
import { installFakeAplay } from './aplay.fake.ts';
import { describeSink, untilState } from './sink.conformance.ts';
import type { SampleSource, Sink } from './sink.ts';

const root = mkdtempSync(join(tmpdir(), 'loa-alsa-sink-'));
afterAll(() => rmSync(root, { recursive: true }));
const kernelMs = () => Number(process.hrtime.bigint()) / 1e6;
const clock: Clock = { ...systemClock, monotonicMs: kernelMs };

function makeRig(
  source: SampleSource = () => {},
  { bufferMs, ...options }: Partial<AlsaSinkOptions> & { readonly bufferMs?: number } = {},
) {
  const card = installFakeAplay(mkdtempSync(join(root, 'card-')), bufferMs === undefined ? {} : { bufferMs });
  const { program, procFolder } = card;
  const sink = createAlsaSink(
    { device: 'plughw:0,0', program, procFolder, ...options },
    { clock, log: memoryLogger(), source },
  );
  return {
    sink,
    card,
    monotonicMs: kernelMs,
    pass: (ms: number) => clock.sleep(ms),
    heard: card.heard,
    trueOriginMonoMs: card.beganAtMs,
  };
}

describeSink('a card through aplay', (source) => makeRig(source), { toleranceMs: 5 });
describeSink(
  'a card through aplay that does not tell its position',
  (source) => makeRig(source, { device: 'default' }),
  { toleranceMs: 1_000 }, // what starting a program may take on a busy machine
);

describe('aplay', () => {
  let sink: Sink | undefined;
  afterEach(() => sink?.stop(AbortSignal.timeout(5_000)));

  it('is started on the device with a short buffer', async () => {
    const rig = makeRig();
    sink = rig.sink;
    await sink.start();
    await untilState(sink, 'ready');
    expect(rig.card.args().join(' ')).toBe(
      '-q -D plughw:0,0 -t raw -f S16_LE -r 48000 -c 1 --buffer-time=200000 --period-time=20000',
    );
  });

  it('begins on a card that insists on a larger buffer than was asked for', async () => {
    sink = makeRig(undefined, { bufferMs: 400 }).sink;
    await sink.start();
    await untilState(sink, 'ready');
    expect(sink.counts().losses).toBe(0);
  });

  it('that dies is lost, is started again by itself, and begins with sample 0', async () => {
    const asked: number[] = [];
    const rig = makeRig((_, firstIndex) => asked.push(firstIndex));
    sink = rig.sink;
    await sink.start();
    await untilState(sink, 'ready');
    const pid = rig.card.pid();
    process.kill(pid, 'SIGKILL');
    expect(await untilState(sink, 'lost')).toMatchObject({
      reason: expect.stringMatching(/aplay stopped playing: it ended with SIGKILL/),
    });
    const before = asked.length;
    await untilState(sink, 'ready');
    expect(rig.card.pid()).not.toBe(pid);
    expect(asked[before]).toBe(0);
    expect(sink.counts().losses).toBe(1);
  });

  it('that stands still is lost and replaced', async () => {
    const rig = makeRig();
    sink = rig.sink;
    await sink.start();
    await untilState(sink, 'ready');
    const pid = rig.card.pid();
    process.kill(pid, 'SIGSTOP');
    expect(await untilState(sink, 'lost')).toMatchObject({
      reason: 'the sound device has not moved for 2 s',
    });
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    await untilState(sink, 'ready');
  }, 20_000);

  it('leaves no process behind when the sink stops', async () => {
    const rig = makeRig();
    await rig.sink.start();
    await untilState(rig.sink, 'ready');
    const pid = rig.card.pid();
    await rig.sink.stop(AbortSignal.timeout(5_000));
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it.each([
    [
      'no such card',
      { device: 'plughw:7,0' },
      'there is no sound card "plughw:7,0"; this box has card 0 (Device)',
    ],
    [
      'no aplay',
      { program: '/nowhere/aplay' },
      '/nowhere/aplay is not installed: install the package alsa-utils',
    ],
  ])('is absent, with a sentence, where there is %s', async (_, options, reason) => {
    sink = makeRig(undefined, options).sink;
    await sink.start();
    expect(await untilState(sink, 'absent')).toEqual({ kind: 'absent', reason });
  });
});
