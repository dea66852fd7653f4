import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakeClock, memoryLogger } from '@loa/kernel/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { createFileSink } from './file-sink.driver.ts';
import { hearRecordings } from './hear-recording.ts';
import { describeSink } from './sink.conformance.ts';
import { SAMPLES_PER_MS, type SampleSource } from './sink.ts';

const root = mkdtempSync(join(tmpdir(), 'loa-file-sink-'));
afterAll(() => rmSync(root, { recursive: true }));
const soon = () => AbortSignal.timeout(5_000);

function makeRig(source: SampleSource, folder = mkdtempSync(join(root, 'take-'))) {
  const clock = fakeClock();
  let stalledMs = 0;
  const monotonicMs = () => clock.monotonicMs() + stalledMs;
  const wallOffsetMs = clock.now().epochMilliseconds - clock.monotonicMs();
  const first = () => {
    const [recording] = hearRecordings(folder);
    if (!recording) throw new Error('nothing was recorded');
    return recording;
  };
  return {
    sink: createFileSink(
      { folder, startedBy: 'd_hamlet1' },
      { clock: { ...clock, monotonicMs }, log: memoryLogger(), source },
    ),
    clock,
    monotonicMs,
    pass: (ms: number) => clock.advance(ms),
    /** The feeder's thread gets no time for so long. */
    stall: (ms: number) => {
      stalledMs += ms;
    },
    folder,
    first,
    heard: () => first().samples,
    trueOriginMonoMs: () => first().note.firstSampleAtMs - wallOffsetMs,
  };
}

describeSink('the file twin', (source) => makeRig(source), { toleranceMs: 0.1 });

describe('the file twin of a card', () => {
  const loud: SampleSource = (samples) => samples.fill(1_000);

  it('puts in the silence that a card would have played when it was fed too late, and stays on time', async () => {
    const rig = makeRig(loud);
    await rig.sink.start();
    await rig.pass(500);
    const before = rig.heard().length;
    rig.stall(1_000);
    await rig.pass(500);
    await rig.sink.stop(soon());
    const heard = rig.heard();
    const silent = heard.filter((sample) => sample === 0).length;
    expect(rig.sink.counts().underruns).toBe(1);
    expect(heard.subarray(0, before).every((sample) => sample === 1_000)).toBe(true);
    expect(silent / SAMPLES_PER_MS).toBeCloseTo(1_000 - 250, -2); // what the lead did not cover
    expect(heard.at(-1)).toBe(1_000);
    // 2 s went by; sample 0 left after 100 ms of them, and the lead of 250 ms is written.
    expect(Math.abs(heard.length / SAMPLES_PER_MS - (2_000 - 100 + 250))).toBeLessThanOrEqual(40);
  });

  it('leaves a readable recording when the process is killed', async () => {
    const rig = makeRig(loud);
    await rig.sink.start();
    await rig.pass(500); // and no stop
    expect(rig.first().claimedBytes).toBe(0xffff_ff00); // as much as a WAV can hold: readers stop at its end
    expect(rig.heard().length).toBeGreaterThan(400 * SAMPLES_PER_MS);
    await rig.sink.stop(soon());
    expect(rig.first().claimedBytes).toBe(rig.heard().length * 2);
  });

  it('makes a new file with each start, and notes when its sample 0 left and for whom', async () => {
    const rig = makeRig(loud);
    for (let i = 0; i < 3; i++) {
      await rig.sink.start();
      await rig.pass(200);
      await rig.sink.stop(soon());
    }
    expect(hearRecordings(rig.folder).length).toBe(3);
    expect(rig.first().note).toEqual({
      sampleRateHz: 48_000,
      firstSampleAtMs: Temporal.Instant.from('2026-01-05T00:00:00.100Z').epochMilliseconds,
      startedBy: 'd_hamlet1',
    });
  });

  it('never overwrites a recording, not even when the wall clock went back to the same instant', async () => {
    const rig = makeRig(loud);
    await rig.sink.start();
    await rig.pass(200);
    await rig.sink.stop(soon());
    rig.clock.step(-200);
    await rig.sink.start();
    await rig.pass(200);
    await rig.sink.stop(soon());
    expect(hearRecordings(rig.folder).length).toBe(2);
  });

  it('takes no disk for silence', async () => {
    const rig = makeRig(() => {});
    await rig.sink.start();
    await rig.pass(10_000);
    await rig.sink.stop(soon());
    const wav = readdirSync(rig.folder).find((name) => name.endsWith('.wav'));
    const { size, blocks } = statSync(join(rig.folder, `${wav}`));
    expect(size).toBeGreaterThan(900_000);
    expect(blocks * 512).toBeLessThan(100_000);
  });

  it('is absent, with a sentence, where it may not write, and begins when it may', async () => {
    const blocked = join(root, 'blocked');
    writeFileSync(blocked, 'a file where the folder should be');
    const rig = makeRig(loud, blocked);
    await rig.sink.start();
    await rig.pass(100);
    expect(rig.sink.state()).toEqual({
      kind: 'absent',
      reason: expect.stringContaining(`the sound cannot be recorded in ${blocked}`),
    });
    rmSync(blocked);
    await rig.pass(6_000);
    expect(rig.sink.state()).toEqual({ kind: 'ready' });
    await rig.sink.stop(soon());
  });
});
