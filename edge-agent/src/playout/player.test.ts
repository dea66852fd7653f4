import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakeClock, memoryLogger } from '@loa/kernel/testing';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { SinkConfig } from '../sink/create-sink.ts';
import { hearRecordings } from '../sink/hear-recording.ts';
import type { OpenSound } from './clip-sound.ts';
import { createPlayer, type Player, type PlayHandle, type PlayRequest } from './player.ts';
import { inlineHost } from './player-inline.ts';

const root = mkdtempSync(join(tmpdir(), 'loa-player-'));
afterAll(() => rmSync(root, { recursive: true }));

const openFiles = new Set<string>();
/** A sound named by its length: `500` is half a second of samples that are all 1000; `bad` cannot be read. */
const openSound: OpenSound = async function* (path) {
  if (path === 'bad') throw new Error('this sound is damaged');
  openFiles.add(path);
  try {
    for (let left = Number(path); left > 0; left -= 1_000)
      yield new Int16Array(Math.min(left, 1_000) * 48).fill(1_000);
  } finally {
    openFiles.delete(path);
  }
};
const sound = (name: string | number) => ({ kind: 'file' as const, path: String(name) });
const silence = (ms: number) => ({ kind: 'silence' as const, ms });

let player: Player | undefined;
afterEach(() => player?.stop(AbortSignal.timeout(5_000)));

async function aStage({
  calibrationMs = 0,
  sink,
}: {
  readonly calibrationMs?: number;
  readonly sink?: SinkConfig;
} = {}) {
  const clock = fakeClock();
  const folder = mkdtempSync(join(root, 'take-'));
  let stalledMs = 0;
  const stallable = { ...clock, monotonicMs: () => clock.monotonicMs() + stalledMs };
  const log = memoryLogger();
  const file: SinkConfig = { kind: 'file', folder, startedBy: 'd_hamlet1' };
  const host = inlineHost({ clock: stallable, log, sink: sink ?? file, openSound });
  const made = createPlayer({ clock: stallable, log, host, calibrationMs: () => calibrationMs });
  player = made;
  await made.start();
  await clock.advance(1_000);
  const nowMs = () => clock.now().epochMilliseconds;
  return {
    clock,
    player: made,
    nowMs,
    stall: (ms: number) => {
      stalledMs += ms;
    },
    play: (request: Partial<PlayRequest>) =>
      made.play({ id: 'occ_1', steps: [sound(500)], startAtMs: nowMs(), gainDb: 0, ...request }),
    samples: () => heardIn(folder).samples,
    /** Returns the runs of sound in the recording: UTC milliseconds of begin and end. */
    runs() {
      const { samples, note } = heardIn(folder);
      const edges = [...samples.keys()].filter((i) => (samples[i] === 0) !== ((samples[i - 1] ?? 0) === 0));
      return edges.map((i) => note.firstSampleAtMs + i / 48);
    },
  };
}

function heardIn(folder: string) {
  const [recording] = hearRecordings(folder);
  if (!recording) throw new Error('nothing was recorded');
  return recording;
}

/** Lets virtual time pass until a play has ended. */
async function endOf({ clock }: { clock: ReturnType<typeof fakeClock> }, handle: PlayHandle) {
  let isOver = false;
  void handle.ended.then(() => {
    isOver = true;
  });
  for (let i = 0; i < 1_000 && !isOver; i++) await clock.advance(20);
  return handle.ended;
}

describe('a play', () => {
  it('starts at its instant to the sample, and tells start and end as they were', async () => {
    const stage = await aStage();
    const startAtMs = stage.nowMs() + 700;
    const handle = stage.play({ startAtMs });
    const end = await endOf(stage, handle);
    expect(stage.runs()).toEqual([expect.closeTo(startAtMs, 1), expect.closeTo(startAtMs + 500, 1)]);
    expect(await handle.started).toEqual({
      startedAtMs: expect.closeTo(startAtMs, 1),
      startErrorMs: expect.closeTo(0, 1),
    });
    expect(end).toEqual({
      end: 'complete',
      startedAtMs: expect.closeTo(startAtMs, 1),
      endedAtMs: expect.closeTo(startAtMs + 500, 1),
      heardMs: 500,
      gapMs: 0,
      stepsDone: 1,
      peakDbfs: expect.closeTo(20 * Math.log10(1_000 / 32_768), 3),
      rmsDbfs: expect.closeTo(20 * Math.log10(1_000 / 32_768), 3),
      detail: '',
    });
  });

  it('tells its start only once the first sample has left, and its end only after the last', async () => {
    const stage = await aStage();
    const startAtMs = stage.nowMs() + 300;
    const handle = stage.play({ startAtMs });
    const told: string[] = [];
    void handle.started.then(() => told.push(`started ${stage.nowMs() - startAtMs}`));
    void handle.ended.then(() => told.push(`ended ${stage.nowMs() - startAtMs}`));
    await stage.clock.advance(299);
    expect(told).toEqual([]); // though it has long been mixed
    await stage.clock.advance(800);
    expect(told).toEqual([
      expect.stringMatching(/^started \d\d?$/),
      expect.stringMatching(/^ended 5[0-4]\d$/),
    ]);
  });

  it('that comes too late starts as soon as the sink can, and tells how late it truly was', async () => {
    const stage = await aStage();
    const handle = stage.play({ startAtMs: stage.nowMs() - 10_000 });
    const nowMs = stage.nowMs();
    await endOf(stage, handle);
    const [beganMs = 0] = stage.runs();
    expect(beganMs - nowMs).toBeGreaterThan(0);
    expect(beganMs - nowMs).toBeLessThan(300);
    expect((await handle.started).startErrorMs).toBeCloseTo(beganMs - nowMs + 10_000, 1);
  });

  it('is not moved when the wall clock is stepped after it was placed', async () => {
    const stage = await aStage();
    const startAtMs = stage.nowMs() + 1_000;
    const handle = stage.play({ startAtMs });
    stage.clock.step(3_600_000);
    expect(await endOf(stage, handle)).toMatchObject({ startedAtMs: expect.closeTo(startAtMs, 1) });
    expect(stage.runs()[0]).toBeCloseTo(startAtMs, 1);
  });

  it('leaves the sink earlier by what the amplifier takes, so that it is heard on time', async () => {
    const stage = await aStage({ calibrationMs: 37 });
    const startAtMs = stage.nowMs() + 700;
    const handle = stage.play({ startAtMs });
    expect(await endOf(stage, handle)).toMatchObject({ startedAtMs: expect.closeTo(startAtMs, 1) });
    expect(stage.runs()[0]).toBeCloseTo(startAtMs - 37, 1);
  });

  it('plays its steps without a hole, pauses included', async () => {
    const stage = await aStage();
    const startAtMs = stage.nowMs() + 500;
    const end = await endOf(
      stage,
      stage.play({ startAtMs, steps: [sound(300), silence(200), sound(100), sound(100)] }),
    );
    expect(stage.runs().map((ms) => Math.round(ms - startAtMs))).toEqual([0, 300, 500, 700]);
    expect(end).toMatchObject({ end: 'complete', heardMs: 700, stepsDone: 4 });
  });

  it('goes on where an earlier one was cut, with a rising sound', async () => {
    const stage = await aStage();
    const startAtMs = stage.nowMs() + 500;
    const steps = [sound(1_000), silence(100), sound(400)];
    const end = await endOf(stage, stage.play({ startAtMs, steps, skipMs: 1_200 }));
    expect(stage.runs().map((ms) => Math.round(ms - startAtMs))).toEqual([0, 300]);
    expect(end).toMatchObject({ end: 'complete', heardMs: 300, stepsDone: 3 });
    const rise = stage.samples().filter((sample) => sample > 0 && sample < 1_000).length;
    expect(rise / 48).toBeCloseTo(50, 0);
  });

  it('that is stopped is silent after the lead and the fade, and tells what was heard and why', async () => {
    const stage = await aStage();
    const handle = stage.play({ steps: [sound(60_000)] });
    await stage.clock.advance(2_000);
    const stoppedAtMs = stage.nowMs();
    handle.stop({ fadeMs: 80, reason: 'an emergency came first' });
    const end = await endOf(stage, handle);
    const [beganMs = 0, silentMs = 0] = stage.runs();
    expect(silentMs - stoppedAtMs).toBeLessThan(250 + 20 + 80);
    expect(end).toMatchObject({ end: 'stopped', stepsDone: 0, detail: 'an emergency came first' });
    expect(end.heardMs).toBeCloseTo(silentMs - beganMs, -0.5);
    expect(end.endedAtMs).toBeCloseTo(silentMs, -0.5);
    await stage.clock.advance(20);
    expect(openFiles.size).toBe(0);
  });

  it('that is stopped when its last sample is on its way out already is complete', async () => {
    const stage = await aStage();
    const handle = stage.play({ startAtMs: stage.nowMs() + 400 });
    await stage.clock.advance(400 + 400);
    handle.stop({ fadeMs: 50 });
    expect(await endOf(stage, handle)).toMatchObject({ end: 'complete', heardMs: 500, detail: '' });
  });

  it('that is stopped before it began makes no sound', async () => {
    const stage = await aStage();
    const handle = stage.play({ startAtMs: stage.nowMs() + 5_000 });
    handle.stop({ fadeMs: 50 });
    expect(await handle.ended).toMatchObject({ end: 'stopped', startedAtMs: null, heardMs: 0 });
    await stage.clock.advance(6_000);
    expect(stage.runs()).toEqual([]);
  });

  it('whose sound cannot be read ends at once; what comes before a bad file is heard', async () => {
    const stage = await aStage();
    const startAtMs = stage.nowMs() + 400;
    const bad = stage.play({ startAtMs, steps: [sound('bad')] });
    const half = stage.play({ startAtMs, steps: [sound(300), sound('bad')] });
    expect(await endOf(stage, bad)).toMatchObject({
      end: 'unreadable',
      startedAtMs: null,
      heardMs: 0,
      detail: 'this sound is damaged',
    });
    expect(stage.nowMs()).toBeLessThan(startAtMs);
    expect(await endOf(stage, half)).toMatchObject({ end: 'unreadable', heardMs: 300, stepsDone: 1 });
    expect(await endOf(stage, stage.play({}))).toMatchObject({ end: 'complete' });
  });

  it('goes on after the sink ran dry, later by the silence, which it tells', async () => {
    const stage = await aStage();
    const handle = stage.play({ steps: [sound(1_000)] });
    await stage.clock.advance(500);
    stage.stall(400);
    const end = await endOf(stage, handle);
    const runs = stage.runs();
    expect(runs.length).toBe(4);
    const gapMs = (runs[2] ?? 0) - (runs[1] ?? 0);
    expect(gapMs).toBeGreaterThan(100);
    expect(end).toMatchObject({ end: 'complete', heardMs: 1_000, gapMs: expect.closeTo(gapMs, 1) });
    expect(stage.player.sinkCounts()).toEqual({ underruns: 1, losses: 0 });
  });

  it('sounds together with another', async () => {
    const stage = await aStage();
    const startAtMs = stage.nowMs() + 400;
    const long = stage.play({ startAtMs, steps: [sound(800)] });
    const short = stage.play({ startAtMs: startAtMs + 200, steps: [sound(200)], gainDb: -6 });
    expect(await endOf(stage, short)).toMatchObject({ end: 'complete', heardMs: 200 });
    expect(await endOf(stage, long)).toMatchObject({ end: 'complete', heardMs: 800 });
    expect(stage.runs().map((ms) => Math.round(ms - startAtMs))).toEqual([0, 800]);
  });
});

describe('a player', () => {
  it('without a card says so, and ends each play at its time as not heard', async () => {
    const stage = await aStage({
      sink: { kind: 'alsa', device: 'plughw:0,0', procFolder: join(root, 'no-proc') },
    });
    expect(stage.player.sinkState()).toEqual({
      kind: 'absent',
      reason: 'there is no sound card "plughw:0,0"; this box has no sound driver',
    });
    const startAtMs = stage.nowMs() + 3_000;
    const handle = stage.play({ startAtMs });
    await stage.clock.advance(2_900);
    expect(await Promise.race([handle.ended, 'still waiting'])).toBe('still waiting'); // a card may yet be put in
    const end = await endOf(stage, handle);
    expect(end).toMatchObject({ end: 'no-sink', startedAtMs: null, heardMs: 0 });
    expect(end.detail).toContain('no sound card');
    expect(end.endedAtMs - startAtMs).toBeLessThan(600);
  });

  it('that was not started plays nothing and says so', async () => {
    const stage = await aStage();
    await stage.player.stop(AbortSignal.timeout(5_000));
    expect(await stage.play({}).ended).toMatchObject({ end: 'no-sink', detail: 'the sound is not started' });
  });

  it('ends what sounds and what waits when it stops, tells so, and leaves no timer', async () => {
    const stage = await aStage();
    const sounding = stage.play({ steps: [sound(60_000)] });
    const waiting = stage.play({ startAtMs: stage.nowMs() + 60_000 });
    await stage.clock.advance(1_250);
    const stopped = stage.player.stop(AbortSignal.timeout(5_000));
    expect(await sounding.ended).toMatchObject({ end: 'stopped', detail: 'the player was stopped' });
    expect((await sounding.ended).heardMs).toBeCloseTo(1_000, -2);
    expect(await waiting.ended).toMatchObject({ end: 'stopped', startedAtMs: null, heardMs: 0 });
    await stopped;
    await stage.player.stop(AbortSignal.timeout(5_000));
    expect(stage.clock.sleepers()).toBe(0);
    expect(stage.player.sinkState().kind).toBe('absent');
  });

  it('tells each change of the sink, and begins a new recording when it is started again', async () => {
    const stage = await aStage();
    const kinds: string[] = [];
    stage.player.onSinkChange(({ kind }) => kinds.push(kind));
    await stage.player.stop(AbortSignal.timeout(5_000));
    await stage.player.start();
    await stage.player.start();
    await stage.clock.advance(100);
    expect(await endOf(stage, stage.play({}))).toMatchObject({ end: 'complete' });
    expect(kinds).toEqual(['absent', 'opening', 'ready']);
  });
});
