import type { Clock } from './clock.ts';

interface Sleeper {
  readonly dueMs: number;
  wake(): void;
}

/** A clock that moves only when told to. Sleepers run in order of their due time, each awaited before the next. */
export interface FakeClock extends Clock {
  /** Moves both clocks forward by `ms` milliseconds, waking every sleeper on the way. */
  advance(ms: number): Promise<void>;
  /** Moves only the wall clock, as NTP or a person would; may go back. Monotonic time stands still. */
  step(ms: number): void;
  /** Number of sleepers that wait, for tests that look for leftovers. */
  sleepers(): number;
}

/** Lets everything that is ready run: promise chains of any practical depth, and I/O callbacks that have arrived. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** Creates a fake clock that begins at `startsAt` (default 2026-01-05T00:00:00Z, a Monday). */
export function fakeClock(startsAt = '2026-01-05T00:00:00Z'): FakeClock {
  let wallMs = Temporal.Instant.from(startsAt).epochMilliseconds;
  let monoMs = 0;
  const waiting = new Set<Sleeper>();
  const nextDue = (limitMs: number) =>
    [...waiting].filter((s) => s.dueMs <= limitMs).sort((a, b) => a.dueMs - b.dueMs)[0];
  const moveTo = (dueMs: number) => {
    wallMs += dueMs - monoMs;
    monoMs = dueMs;
  };
  return {
    now: () => Temporal.Instant.fromEpochMilliseconds(Math.round(wallMs)),
    monotonicMs: () => monoMs,
    sleep: (ms, { signal } = {}) =>
      new Promise<void>((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const onAbort = () => {
          waiting.delete(sleeper);
          reject(signal?.reason);
        };
        const sleeper: Sleeper = {
          dueMs: monoMs + Math.max(0, ms),
          wake: () => {
            signal?.removeEventListener('abort', onAbort);
            waiting.delete(sleeper);
            resolve();
          },
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        waiting.add(sleeper);
      }),
    async advance(ms) {
      const endMs = monoMs + ms;
      await settle();
      for (let due = nextDue(endMs); due; due = nextDue(endMs)) {
        moveTo(Math.max(monoMs, due.dueMs));
        due.wake();
        await settle();
      }
      moveTo(endMs);
      await settle();
    },
    step(ms) {
      wallMs += ms;
    },
    sleepers: () => waiting.size,
  };
}
