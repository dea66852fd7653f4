import { spawn } from 'node:child_process';
import { errorCode } from '@loa/kernel';
import { SAMPLE_RATE_HZ } from './sink.ts';
import { SinkError } from './sink-error.ts';

export const BUFFER_MS = 200;
const PERIOD_MS = 20;
const MAX_QUEUED_BYTES = SAMPLE_RATE_HZ * 2; // a second that aplay did not take means that it is stuck

/** One `aplay` that plays what it is given until it is closed or dies. */
export interface Aplay {
  /** Aborts with a `SinkError` when the program has ended or stopped taking samples. */
  readonly ended: AbortSignal;
  /** Hands samples over; the array must not be used again. */
  write(samples: Int16Array): void;
  /** Ends the program and waits until it is gone. */
  close(): Promise<void>;
}

/** Starts `aplay` on a device, as it was measured to be steady: 200 ms of buffer in periods of 20 ms. */
export function startAplay(program: string, device: string): Aplay {
  const child = spawn(
    program,
    // biome-ignore format: one option with its value a line
    [
      '-q',
      '-D', device,
      '-t', 'raw',
      '-f', 'S16_LE',
      '-r', String(SAMPLE_RATE_HZ),
      '-c', '1',
      `--buffer-time=${BUFFER_MS * 1000}`,
      `--period-time=${PERIOD_MS * 1000}`,
    ],
    { stdio: ['pipe', 'ignore', 'pipe'] },
  );
  const ended = new AbortController();
  let lastWords = '';
  const gone = new Promise<void>((resolve) => {
    child.once('error', (cause) => {
      const isMissing = errorCode(cause) === 'ENOENT';
      ended.abort(
        isMissing
          ? new SinkError('sink/absent', `${program} is not installed: install the package alsa-utils`, {
              cause,
            })
          : new SinkError('sink/lost', `${program} could not be started: ${cause.message}`, { cause }),
      );
      resolve();
    });
    child.once('close', (code, signal) => {
      const how = lastWords.trim().split('\n').at(-1) || `it ended with ${signal ?? `code ${code}`}`;
      ended.abort(new SinkError('sink/lost', `${program} stopped playing: ${how}`));
      resolve();
    });
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-1_000);
  });
  child.stdin.on('error', () => {}); // EPIPE: 'close' follows and says why
  return {
    ended: ended.signal,
    write(samples) {
      child.stdin.write(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
      if (child.stdin.writableLength > MAX_QUEUED_BYTES)
        ended.abort(
          new SinkError('sink/lost', `${program} takes no more samples: the sound device is stuck`),
        );
    },
    async close() {
      child.kill('SIGKILL'); // not SIGTERM: a stuck device would hold it, and what it still has is not wanted
      await gone;
    },
  };
}
