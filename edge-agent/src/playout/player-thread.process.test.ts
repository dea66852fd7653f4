import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { systemClock } from '@loa/kernel';
import { memoryLogger } from '@loa/kernel/testing';
import { decodeOggOpus } from '@loa/media/sound';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { installFakeAplay } from '../sink/aplay.fake.ts';
import type { SinkConfig } from '../sink/create-sink.ts';
import { hearRecordings } from '../sink/hear-recording.ts';
import type { SinkState } from '../sink/sink.ts';
import { createPlayer, type Player, type PlayRequest } from './player.ts';
import { workerHost } from './player-link.ts';

const root = mkdtempSync(join(tmpdir(), 'loa-player-thread-'));
afterAll(() => rmSync(root, { recursive: true }));
const soon = () => AbortSignal.timeout(5_000);
const TONE = fileURLToPath(new URL('./tone.fixture.ogg', import.meta.url));
const tone = (await decodeOggOpus(readFileSync(TONE))).samples;
const bytesOf = (samples: Int16Array) => Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);

let player: Player | undefined;
afterEach(() => player?.stop(soon()));

/** A player in a real thread on the machine's clock, recording into a folder of its own unless told otherwise. */
async function aStage(other?: SinkConfig) {
  const folder = mkdtempSync(join(root, 'take-'));
  const sink = other ?? { kind: 'file', folder, startedBy: 'd_hamlet1' };
  const threads: Worker[] = [];
  const host = workerHost(sink, (file, options) => {
    const worker = new Worker(file, options);
    threads.push(worker);
    return worker;
  });
  const made = createPlayer({ clock: systemClock, log: memoryLogger(), host });
  player = made;
  await made.start();
  await until(made, 'ready');
  const nowMs = () => Number(systemClock.now().epochNanoseconds) / 1e6;
  return {
    player: made,
    threads,
    nowMs,
    play: (request: Partial<PlayRequest>) =>
      made.play({ id: 'occ_1', steps: [file()], startAtMs: nowMs(), gainDb: 0, ...request }),
    /** Returns when the tone was heard, whole and unchanged, UTC milliseconds. */
    heardAtMs: () =>
      hearRecordings(folder).flatMap(({ samples, note }) => {
        const bytes = bytesOf(samples);
        const found: number[] = [];
        for (let at = bytes.indexOf(bytesOf(tone)); at >= 0; at = bytes.indexOf(bytesOf(tone), at + 1))
          found.push(note.firstSampleAtMs + at / 2 / 48);
        return found;
      }),
    recordings: () => hearRecordings(folder),
  };
}

function until(on: Player, kind: SinkState['kind']): Promise<SinkState> {
  return new Promise((resolve) => {
    if (on.sinkState().kind === kind) return resolve(on.sinkState());
    const end = on.onSinkChange((state) => {
      if (state.kind !== kind) return;
      end();
      resolve(state);
    });
  });
}

const file = (path = TONE) => ({ kind: 'file' as const, path });
const times = (count: number) => Array.from({ length: count }, () => file());

describe("the sound's thread", { timeout: 30_000 }, () => {
  it('plays cached Opus files at their instants, unchanged, one after the other', async () => {
    const stage = await aStage();
    const startAtMs = stage.nowMs() + 500;
    const first = stage.play({ startAtMs, steps: [file(), { kind: 'silence', ms: 100 }, file()] });
    const second = stage.play({ startAtMs: startAtMs + 1_600 });
    const ends = await Promise.all([first.ended, second.ended]);
    const heard = stage.heardAtMs();
    const toneMs = tone.length / 48;
    expect(heard.length).toBe(3);
    expect(Math.abs((heard[0] ?? 0) - startAtMs)).toBeLessThan(50);
    expect((heard[1] ?? 0) - (heard[0] ?? 0)).toBeCloseTo(toneMs + 100, 3);
    expect(Math.abs((heard[2] ?? 0) - (heard[0] ?? 0) - 1_600)).toBeLessThan(50);
    expect(ends).toMatchObject([
      { end: 'complete', stepsDone: 2 + 1, gapMs: 0 },
      { end: 'complete', stepsDone: 1, gapMs: 0 },
    ]);
    expect(Math.abs((await first.started).startedAtMs - (heard[0] ?? 0))).toBeLessThan(50);
    expect(ends[0].peakDbfs).toBeCloseTo(
      20 * Math.log10(tone.reduce((a, b) => Math.max(a, Math.abs(b)), 0) / 32_768),
      2,
    );
  });

  it('fades a stopped sound out within its fade', async () => {
    const stage = await aStage();
    const handle = stage.play({ steps: times(20) });
    await handle.started;
    handle.stop({ fadeMs: 80 });
    const end = await handle.ended;
    await stage.player.stop(soon());
    const samples = stage.recordings()[0]?.samples ?? new Int16Array();
    const began = samples.findIndex((sample, i) => sample === tone.find((s) => s !== 0) && i >= 0);
    const offset = began - tone.findIndex((sample) => sample !== 0);
    const looped = (i: number) => tone[(i - offset) % tone.length] ?? 0;
    const changed = samples.findIndex((sample, i) => i >= began && sample !== looped(i));
    const silent = samples.findLastIndex((sample) => sample !== 0) + 1;
    expect(end).toMatchObject({ end: 'stopped', detail: 'stopped' });
    expect((silent - changed) / 48).toBeLessThan(150);
    expect((silent - changed) / 48).toBeGreaterThan(40);
  });

  it('reports a file that is missing or no sound, and plays on', async () => {
    const stage = await aStage();
    const missing = stage.play({ steps: [file(join(root, 'nothing.ogg'))] });
    const noSound = stage.play({ steps: [file(fileURLToPath(import.meta.url))] });
    expect(await missing.ended).toMatchObject({ end: 'unreadable', detail: expect.stringMatching('ENOENT') });
    expect(await noSound.ended).toMatchObject({
      end: 'unreadable',
      detail: expect.stringMatching('not an Ogg/Opus sound'),
    });
    expect(await stage.play({}).ended).toMatchObject({ end: 'complete' });
  });

  it('that dies ends what sounded as lost, comes back by itself, and plays what had not begun', async () => {
    const stage = await aStage();
    const sounding = stage.play({ steps: times(20) });
    const waiting = stage.play({ startAtMs: stage.nowMs() + 1_500 });
    const { startedAtMs } = await sounding.started;
    const lost = until(stage.player, 'lost');
    await stage.threads[0]?.terminate();
    const end = await sounding.ended;
    expect(end).toMatchObject({ end: 'sink-lost', startedAtMs });
    expect(end.detail).toMatch("the sound's thread ended");
    expect(end.heardMs).toBeGreaterThan(0);
    expect(await lost).toMatchObject({ reason: expect.stringMatching("the sound's thread ended") });
    await until(stage.player, 'ready');
    expect(await waiting.ended).toMatchObject({ end: 'complete' });
    expect(stage.recordings().length).toBe(2); // both readable, the killed one too
    expect(stage.threads.length).toBe(2);
  });

  it('tells what was heard when the card goes in the middle of a sound, and plays again when it is back', async () => {
    const card = installFakeAplay(mkdtempSync(join(root, 'card-')));
    const { program, procFolder } = card;
    const stage = await aStage({ kind: 'alsa', device: 'plughw:0,0', program, procFolder });
    const cut = stage.play({ steps: times(20) });
    await cut.started;
    process.kill(card.pid(), 'SIGKILL');
    const end = await cut.ended;
    expect(end).toMatchObject({ end: 'sink-lost', detail: expect.stringContaining('ended with SIGKILL') });
    expect(end.heardMs).toBeGreaterThanOrEqual(0);
    expect(end.heardMs).toBeLessThan(20 * 607);
    await until(stage.player, 'ready');
    expect(await stage.play({}).ended).toMatchObject({ end: 'complete', stepsDone: 1 });
    // The stand-in writes down what it has played a little after it has.
    while (!bytesOf(card.heard()).includes(bytesOf(tone))) await systemClock.sleep(20);
    expect(stage.player.sinkCounts().losses).toBe(1);
  });

  it('is gone, and its recording closed, when the player has stopped', async () => {
    const stage = await aStage();
    const handle = stage.play({ steps: times(20) });
    await handle.started;
    await stage.player.stop(soon());
    expect(await handle.ended).toMatchObject({ end: 'stopped' });
    expect(stage.threads.map(({ threadId }) => threadId)).toEqual([-1]); // Node's word for "has ended"
    const [recording] = stage.recordings();
    expect(recording?.claimedBytes).toBe((recording?.samples.length ?? 0) * 2);
  });

  it('that cannot run stops the start with a sentence', async () => {
    const host = workerHost({ kind: 'file', folder: root, startedBy: 'x' }, (_, options) => {
      return new Worker('throw new Error("no such module")', { ...options, eval: true });
    });
    const broken = createPlayer({ clock: systemClock, log: memoryLogger(), host });
    await expect(broken.start()).rejects.toMatchObject({
      code: 'sink/lost',
      message: "the sound's thread cannot run: no such module",
    });
  });
});
