import { setImmediate as nextTurn } from 'node:timers/promises';
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

/** A set of parts that start in order and stop in reverse. Both may be called twice; the second call joins the first. */
export interface Lifecycle {
  /**
   * Starts each part in turn; when one fails, stops those already started and throws its error.
   * @throws {AppError} kernel/start-cut-short when `stop` came before the last part had started.
   */
  start(): Promise<void>;
  /**
   * Stops the parts in reverse order within the deadline, waiting first for a start under way.
   * Returns the names of parts that did not stop.
   */
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
  const started: Part[] = [];
  let starting: Promise<void> | undefined;
  let stopping: Promise<readonly string[]> | undefined;
  let current = '';

  const goOn = () => {
    if (stopping)
      throw new AppError('stopped before the start was complete', { code: 'kernel/start-cut-short' });
  };
  const startAll = async () => {
    for (const part of parts) {
      goOn();
      if (started.includes(part)) continue;
      current = part.name;
      await part.start();
      started.push(part);
    }
    goOn();
  };
  const stopAll = async (underWay?: Promise<void>): Promise<readonly string[]> => {
    const giveUp = new AbortController();
    const timer = new AbortController();
    const hung: string[] = [];
    const deadline = clock
      .sleep(deadlineMs, { signal: timer.signal })
      .then(() => giveUp.abort(new AppError('stopping took too long', { code: 'kernel/stop-deadline' })))
      .catch(() => {}); // the timer itself was cancelled: everything stopped in time
    const overdue = new Promise<void>((resolve) => {
      giveUp.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    // Beyond the deadline a part still gets one turn: what stops at once is not blamed for the one that hangs.
    const inTime = (work: Promise<void>) =>
      Promise.race([work.then(() => true), overdue.then(() => nextTurn(false))]);
    if (underWay && !(await inTime(underWay.catch(() => {})))) hung.push(current); // its failure is told by `start`
    for (const part of started.splice(0).reverse()) {
      const ended = Promise.resolve()
        .then(() => part.stop(giveUp.signal))
        .catch((error: unknown) => log.warn({ part: part.name, err: error }, 'a part failed while stopping'));
      if (!(await inTime(ended))) hung.push(part.name);
    }
    timer.abort();
    await deadline;
    return hung;
  };

  return {
    start() {
      starting ??= startAll()
        .catch(async (error: unknown) => {
          if (!stopping) await stopAll();
          throw error;
        })
        .finally(() => {
          starting = undefined;
        });
      return starting;
    },
    stop() {
      stopping ??= stopAll(starting).finally(() => {
        stopping = undefined;
      });
      return stopping;
    },
  };
}
