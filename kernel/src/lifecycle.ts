import { AppError } from './app-error.ts';
import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';

/** Something that begins work in `start` and ends it in `stop`. Both may be called twice. */
export interface Part {
  readonly name: string;
  start(): Promise<void> | void;
  /** Ends the work; gives up politely when `signal` aborts. */
  stop(signal: AbortSignal): Promise<void> | void;
}

/** How long an orderly stop may take, all parts together. */
export const STOP_DEADLINE_MS = 5_000;

/** A set of parts that start in order and stop in reverse. */
export interface Lifecycle {
  /** Starts each part in turn; when one fails, stops those already started and throws its error. */
  start(): Promise<void>;
  /** Stops the parts in reverse order within the deadline. Returns the names of parts that did not stop. */
  stop(): Promise<readonly string[]>;
}

/** Composes parts into one life. */
export function createLifecycle(
  parts: readonly Part[],
  {
    clock,
    log,
    deadlineMs = STOP_DEADLINE_MS,
  }: { readonly clock: Clock; readonly log: Logger; readonly deadlineMs?: number },
): Lifecycle {
  let started: Part[] = [];
  const stop = async (): Promise<readonly string[]> => {
    const giveUp = new AbortController();
    const timer = new AbortController();
    const hung: string[] = [];
    const deadline = clock
      .sleep(deadlineMs, { signal: timer.signal })
      .then(() => giveUp.abort(new AppError('stopping took too long', { code: 'kernel/stop-deadline' })))
      .catch(() => {}); // the timer itself was cancelled: everything stopped in time
    const overdue = new Promise<'overdue'>((resolve) => {
      giveUp.signal.addEventListener('abort', () => resolve('overdue'), { once: true });
    });
    const leaving = started.reverse();
    started = [];
    for (const part of leaving) {
      const ended = Promise.resolve()
        .then(() => part.stop(giveUp.signal))
        .then(() => 'stopped' as const)
        .catch((error: unknown) => {
          log.warn({ part: part.name, err: error }, 'a part failed while stopping');
          return 'stopped' as const;
        });
      if ((await Promise.race([ended, overdue])) === 'overdue') hung.push(part.name);
    }
    timer.abort();
    await deadline;
    return hung;
  };
  return {
    async start() {
      for (const part of parts) {
        if (started.includes(part)) continue;
        try {
          await part.start();
          started.push(part);
        } catch (error) {
          await stop();
          throw error;
        }
      }
    },
    stop,
  };
}
