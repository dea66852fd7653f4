import { SAMPLE_RATE_HZ, SAMPLES_PER_MS } from '../sink/sink.ts';
import type { OpenSound } from './clip-sound.ts';

const AHEAD_SAMPLES = 4 * SAMPLE_RATE_HZ; // a slow card or a busy disk may take so long for the next piece
const SILENCE = new Int16Array(SAMPLE_RATE_HZ);

/** One thing to sound: a cached file, or a pause. */
export type PlayStep =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'silence'; readonly ms: number };

/** Steps in order as one stream of samples, decoded a few seconds ahead of who takes them. */
export interface Clip {
  /** Copies the next samples into `into`; fewer than fit when the decoding is behind or the clip is over. */
  take(into: Int16Array): number;
  /** True when there is something to take. */
  isReady(): boolean;
  /** True when nothing is left to take, nor ever will be. */
  isOver(): boolean;
  /** Why it is over before its end; `undefined` when it ended well or still goes on. */
  error(): unknown;
  /** How many steps were taken to their last sample, skipped ones included. */
  stepsDone(): number;
  /** Ends the reading. */
  close(): void;
}

/** Opens a clip and begins to decode at once. The first `skipMs` of it are left out. */
export function openClip(
  steps: readonly PlayStep[],
  { openSound, skipMs = 0 }: { readonly openSound: OpenSound; readonly skipMs?: number },
): Clip {
  const queue: { readonly samples: Int16Array; readonly endsStep: boolean }[] = [];
  let used = 0; // samples taken of the first in the queue
  let queued = 0;
  let stepsDone = 0;
  let isRead = false;
  let isClosed = false;
  let error: unknown;
  let makeRoom = () => {};

  function put(samples: Int16Array, endsStep: boolean): void {
    queue.push({ samples, endsStep });
    queued += samples.length;
  }

  function dropTaken(): void {
    for (let first = queue[0]; first && used >= first.samples.length; first = queue[0]) {
      queue.shift();
      used = 0;
      if (first.endsStep) stepsDone++;
    }
  }

  async function read(): Promise<void> {
    let toSkip = Math.round(skipMs * SAMPLES_PER_MS);
    for (const step of steps) {
      for await (const piece of step.kind === 'file' ? openSound(step.path) : pause(step.ms)) {
        const skipped = Math.min(toSkip, piece.length);
        toSkip -= skipped;
        if (skipped < piece.length) put(piece.subarray(skipped), false);
        while (queued >= AHEAD_SAMPLES && !isClosed)
          await new Promise<void>((resolve) => {
            makeRoom = resolve;
          });
        if (isClosed) return; // leaving the loop closes the file
      }
      put(new Int16Array(), true);
      dropTaken();
    }
  }

  read()
    .catch((cause: unknown) => {
      error = cause;
    })
    .finally(() => {
      isRead = true;
    });

  return {
    take(into) {
      let given = 0;
      for (let first = queue[0]; first && given < into.length; first = queue[0]) {
        const part = first.samples.subarray(used, used + into.length - given);
        into.set(part, given);
        given += part.length;
        used += part.length;
        dropTaken();
      }
      queued -= given;
      makeRoom();
      return given;
    },
    isReady: () => queued > 0,
    isOver: () => isRead && queued === 0,
    error: () => (isRead && queued === 0 ? error : undefined),
    stepsDone: () => stepsDone,
    close() {
      isClosed = true;
      makeRoom();
    },
  };
}

function* pause(ms: number): Generator<Int16Array> {
  for (let left = Math.round(ms * SAMPLES_PER_MS); left > 0; left -= SILENCE.length)
    yield SILENCE.subarray(0, left);
}
