import { AppError, type Clock } from '@loa/kernel';
import type { AgentErrorCode } from '../errors.ts';

/** Runs `work` until it stands still: it must call `alive` at each sign of life. @throws {AppError} media/stalled. */
export type Patience = <T>(
  signal: AbortSignal,
  work: (signal: AbortSignal, alive: () => void) => Promise<T>,
) => Promise<T>;

/** Creates patience of `ms` milliseconds between two signs of life. */
export function createPatience({
  clock,
  ms = 30_000,
}: {
  readonly clock: Clock;
  readonly ms?: number;
}): Patience {
  return async (signal, work) => {
    const over = new AbortController();
    const stalled = new AbortController();
    let aliveMs = clock.monotonicMs();
    const watch = async () => {
      for (;;) {
        const leftMs = aliveMs + ms - clock.monotonicMs();
        if (leftMs <= 0)
          return stalled.abort(
            new AppError<AgentErrorCode>(`nothing came for ${ms} ms`, {
              code: 'media/stalled',
              retryable: true,
            }),
          );
        await clock.sleep(leftMs, { signal: over.signal });
      }
    };
    void watch().catch(() => {}); // over
    try {
      return await work(AbortSignal.any([signal, stalled.signal]), () => {
        aliveMs = clock.monotonicMs();
      });
    } finally {
      over.abort();
    }
  };
}
