import { fork } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Clock, Logger, Part } from '@loa/kernel';
import { MediaError } from '../errors.ts';
import { createGate } from '../gate.ts';
import type { FfmpegBinary } from './resolve-ffmpeg.ts';
import { transcodeFault } from './transcode-fault.ts';
import { isTranscodeReply, type TranscodeJob, type TranscodeReply } from './transcode-job.ts';

const CHILD = fileURLToPath(new URL('./transcode-child.ts', import.meta.url));
const DEFAULT_TIME_CAP_MS = 10 * 60_000;
const JOBS_AT_ONCE = 2; // the smallest supported controller has two cores

/** How a job is watched. */
export interface TranscodeOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with how much of the input is done, in milliseconds of sound. */
  readonly onProgress?: ((timeMs: number) => void) | undefined;
  /** Longest time the job may take once it runs, in milliseconds. Default 10 minutes. */
  readonly timeCapMs?: number;
}

/** Runs ffmpeg jobs, each in a child process of its own; `stop` ends those that run. */
export interface Transcoder extends Part {
  readonly ffmpeg: FfmpegBinary;
  /**
   * Runs one job and returns the last lines ffmpeg wrote.
   * @throws {MediaError} media/broken-input, media/disk-full, media/cancelled, media/timeout,
   *   media/transcoder-crashed or media/transcode-failed; `details.stderrTail` keeps ffmpeg's last words.
   */
  transcode(job: TranscodeJob, options?: TranscodeOptions): Promise<readonly string[]>;
}

/** Creates the one door to ffmpeg. */
export function createTranscoder({
  ffmpeg,
  clock,
  log,
}: {
  readonly ffmpeg: FfmpegBinary;
  readonly clock: Clock;
  readonly log: Logger;
}): Transcoder {
  const gate = createGate(JOBS_AT_ONCE);
  const running = new Set<Promise<unknown>>();
  let stopping = new AbortController();

  async function run(job: TranscodeJob, options: TranscodeOptions, cancelled: AbortSignal) {
    await access(job.inputPath, constants.R_OK).catch((cause: unknown) => {
      const details = { inputPath: job.inputPath };
      throw new MediaError('the sound file cannot be opened', { code: 'media/broken-input', cause, details });
    });
    cancelled.throwIfAborted();
    const child = fork(CHILD, [], {
      execArgv: [],
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const over = new AbortController();
    let lastWords = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      lastWords = (lastWords + chunk.toString()).slice(-2_000);
    });
    const answer = new Promise<TranscodeReply | { kind: 'crashed'; how: string }>((resolve) => {
      child.on('message', (message) => {
        if (!isTranscodeReply(message)) return;
        if (message.kind === 'progress') options.onProgress?.(message.timeMs);
        else resolve(message);
      });
      child.on('error', (error) => resolve({ kind: 'crashed', how: error.message }));
      child.on('close', (code, signal) =>
        resolve({ kind: 'crashed', how: `${signal ?? `exit code ${code}`}` }),
      );
    });
    const timeCapMs = options.timeCapMs ?? DEFAULT_TIME_CAP_MS;
    const interrupted = clock
      .sleep(timeCapMs, { signal: AbortSignal.any([over.signal, cancelled]) })
      .then(() => 'timeout' as const)
      .catch(() => 'cancelled' as const);
    child.send({ ...job, ffmpegPath: ffmpeg.path }, () => {}); // a child that is already gone reports by 'close'
    const outcome = await Promise.race([answer, interrupted]);
    over.abort();
    endGroup(child.pid); // ffmpeg is in the child's group, so neither can be left behind
    if (outcome === 'cancelled') throw cancelled.reason;
    if (outcome === 'timeout')
      throw new MediaError(`the sound was not ready within ${timeCapMs / 1000} s`, {
        code: 'media/timeout',
        details: { inputPath: job.inputPath, timeCapMs },
      });
    if (outcome.kind === 'crashed') {
      const details = { inputPath: job.inputPath, how: outcome.how, stderrTail: lastWords.split('\n') };
      log.error(details, 'the transcoding process crashed');
      throw new MediaError(`the transcoding process ended without a result (${outcome.how})`, {
        code: 'media/transcoder-crashed',
        details,
      });
    }
    if (outcome.kind === 'failed') throw transcodeFault(outcome.message, outcome.stderrTail, job.inputPath);
    return outcome.kind === 'done' ? outcome.stderrTail : [];
  }

  return {
    name: 'transcoder',
    ffmpeg,
    start() {
      if (stopping.signal.aborted) stopping = new AbortController();
    },
    async stop() {
      stopping.abort();
      await Promise.allSettled(running);
    },
    async transcode(job, options = {}) {
      const cancelled = AbortSignal.any([stopping.signal, ...(options.signal ? [options.signal] : [])]);
      const task = gate.pass(() => run(job, options, cancelled), cancelled);
      running.add(task);
      try {
        return await task;
      } catch (error) {
        if (error instanceof MediaError || !cancelled.aborted) throw error;
        const details = { inputPath: job.inputPath };
        throw new MediaError('the work on this sound was cancelled', {
          code: 'media/cancelled',
          cause: error,
          details,
        });
      } finally {
        running.delete(task);
      }
    },
  };
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // ESRCH: the whole group has ended already
  }
}
