import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@loa/kernel';
import { fakeClock, memoryLogger } from '@loa/kernel/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeWav } from '../sound/wav.ts';
import { type FfmpegBinary, resolveFfmpeg } from './resolve-ffmpeg.ts';
import { createTranscoder, type Transcoder } from './transcoder.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 }); // real processes on a busy machine

const OPUS = ['-c:a', 'libopus', '-f', 'ogg'];

let ffmpeg: FfmpegBinary;
let folder: string;
let transcoder: Transcoder;
let inputPath: string;
let outputPath: string;

beforeAll(async () => {
  ffmpeg = await resolveFfmpeg({ env: {}, log: silentLogger });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-transcode-'));
  inputPath = join(folder, 'in.wav');
  outputPath = join(folder, 'out.ogg');
  await writeFile(inputPath, writeWav(tone(2), 16_000));
  transcoder = createTranscoder({ ffmpeg, clock: systemClock, log: silentLogger });
});
afterEach(async () => {
  await transcoder.stop(AbortSignal.timeout(5_000));
  await rm(folder, { recursive: true });
});

function tone(seconds: number): Float32Array {
  return Float32Array.from({ length: seconds * 16_000 }, (_, i) => 0.3 * Math.sin(i / 5));
}

/** An ffmpeg that answers fluent's questions and then does as `line` says. */
async function pretender(line: string): Promise<FfmpegBinary> {
  const path = join(folder, 'pretender');
  await writeFile(
    path,
    `#!/bin/sh\ncase "$1" in -formats|-encoders) exec ${ffmpeg.path} "$@";; esac\n${line}\n`,
  );
  await chmod(path, 0o755);
  return { ...ffmpeg, path };
}

describe('transcoding', () => {
  it('writes the wanted file and tells how far it has come', async () => {
    const progress: number[] = [];
    const onProgress = (timeMs: number) => void progress.push(timeMs);
    await transcoder.transcode({ inputPath, outputPath, outputOptions: OPUS }, { onProgress });
    expect((await readFile(outputPath)).subarray(0, 4).toString()).toBe('OggS');
    expect(progress.at(-1)).toBeGreaterThan(1_900);
  });

  it('without an output only decodes, and returns what the filters reported', async () => {
    const lines = await transcoder.transcode({ inputPath, audioFilters: ['ebur128=framelog=verbose'] });
    expect(lines.join('\n')).toMatch(/I:\s+-\d+\.\d LUFS/);
  });

  it.each([
    ['text', 'this is a letter, not a sound'],
    ['nothing', ''],
    ['a list that names another file', 'ffconcat version 1.0\nfile other.wav\n'],
  ])('a file that holds %s is a broken input', async (_, text) => {
    await writeFile(join(folder, 'other.wav'), writeWav(tone(1), 16_000));
    await writeFile(inputPath, text);
    await expect(transcoder.transcode({ inputPath, outputPath, outputOptions: OPUS })).rejects.toMatchObject({
      code: 'media/broken-input',
      message: expect.stringContaining('not a sound Loa can read'),
    });
  });

  it('a file that is not there is a broken input', async () => {
    await expect(transcoder.transcode({ inputPath: join(folder, 'none'), outputPath })).rejects.toMatchObject(
      {
        code: 'media/broken-input',
      },
    );
  });

  it('a full disk is told as such', async () => {
    await expect(
      transcoder.transcode({ inputPath, outputPath: '/dev/full', outputOptions: OPUS }),
    ).rejects.toMatchObject({ code: 'media/disk-full', retryable: true });
  });

  it('another failure keeps the last words of ffmpeg', async () => {
    const outputOptions = ['-c:a', 'no_such_codec', '-f', 'ogg'];
    await expect(transcoder.transcode({ inputPath, outputPath, outputOptions })).rejects.toMatchObject({
      code: 'media/transcode-failed',
      details: { stderrTail: expect.arrayContaining([expect.stringContaining('no_such_codec')]) },
    });
  });
});

describe('a job that must not go on', () => {
  it('ends at once when cancelled, and leaves no ffmpeg behind', async () => {
    const pidFile = join(folder, 'pid');
    const slow = await pretender(`echo $$ > ${pidFile}.tmp; mv ${pidFile}.tmp ${pidFile}; exec sleep 600`);
    transcoder = createTranscoder({ ffmpeg: slow, clock: systemClock, log: silentLogger });
    const cancel = new AbortController();
    const job = transcoder.transcode(
      { inputPath, outputPath, outputOptions: OPUS },
      { signal: cancel.signal },
    );
    job.catch(() => {});
    const pid = Number(await appears(pidFile));
    expect(await isAlive(pid)).toBe(true);
    cancel.abort();
    await expect(job).rejects.toMatchObject({ code: 'media/cancelled' });
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  });

  it('ends when its time is up', async () => {
    const clock = fakeClock();
    const slow = await pretender('exec sleep 600');
    transcoder = createTranscoder({ ffmpeg: slow, clock, log: silentLogger });
    const job = transcoder.transcode({ inputPath, outputPath, outputOptions: OPUS }, { timeCapMs: 5_000 });
    job.catch(() => {});
    await expect.poll(() => clock.sleepers(), { timeout: 10_000 }).toBe(1);
    await clock.advance(5_000);
    await expect(job).rejects.toMatchObject({
      code: 'media/timeout',
      message: expect.stringContaining('5 s'),
    });
  });

  it('ends when the transcoder stops, together with those that wait their turn', async () => {
    const slow = await pretender('exec sleep 600');
    transcoder = createTranscoder({ ffmpeg: slow, clock: systemClock, log: silentLogger });
    const jobs = [1, 2, 3].map(() => transcoder.transcode({ inputPath, outputPath, outputOptions: OPUS }));
    const ends = Promise.allSettled(jobs);
    await transcoder.stop(AbortSignal.timeout(5_000));
    await transcoder.stop(AbortSignal.timeout(5_000));
    expect((await ends).map((end) => end.status === 'rejected' && end.reason.code)).toEqual(
      Array(3).fill('media/cancelled'),
    );
  });

  it('ends when the program that asked for it is killed', async () => {
    const pidFile = join(folder, 'pid');
    const slow = await pretender(`echo $$ > ${pidFile}.tmp; mv ${pidFile}.tmp ${pidFile}; exec sleep 600`);
    const program = `
      const { createTranscoder } = await import(${JSON.stringify(new URL('./transcoder.ts', import.meta.url).href)});
      const { silentLogger: log, systemClock: clock } = await import('@loa/kernel');
      await createTranscoder({ ffmpeg: ${JSON.stringify(slow)}, clock, log }).transcode(${JSON.stringify({ inputPath, outputPath })});`;
    const asking = spawn(process.execPath, ['--input-type=module', '-e', program], {
      cwd: import.meta.dirname,
      stdio: 'ignore',
    });
    const pid = Number(await appears(pidFile));
    expect(await isAlive(pid)).toBe(true);
    asking.kill('SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  });

  it('is refused by a stopped transcoder, and done once that has started again', async () => {
    await transcoder.stop(AbortSignal.timeout(5_000));
    await expect(transcoder.transcode({ inputPath })).rejects.toMatchObject({ code: 'media/cancelled' });
    transcoder.start();
    await transcoder.transcode({ inputPath });
  });

  it('costs only itself when its process crashes', async () => {
    const log = memoryLogger();
    const lethal = await pretender('kill -9 $PPID; exec sleep 600');
    const broken = createTranscoder({ ffmpeg: lethal, clock: systemClock, log });
    await expect(broken.transcode({ inputPath, outputPath, outputOptions: OPUS })).rejects.toMatchObject({
      code: 'media/transcoder-crashed',
      details: { how: 'SIGKILL' },
    });
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'error' }));
    await transcoder.transcode({ inputPath, outputPath, outputOptions: OPUS });
  });
});

async function appears(path: string): Promise<string> {
  const read = () => readFile(path, 'utf8').catch(() => '');
  await expect.poll(read, { timeout: 10_000 }).not.toBe('');
  return read();
}

/** A process that has ended but that nobody has buried yet is dead. */
async function isAlive(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z');
  return !/\) [ZX]/.test(state);
}
