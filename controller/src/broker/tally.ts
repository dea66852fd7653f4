import type { Clock, LogFields } from '@loa/kernel';

/** What the guards count, and the log sentence of each. */
const SENTENCES = {
  refusedConnections: 'the broker turned connections away',
  refusedLogins: 'the broker refused a login',
  deniedPublishes: 'the broker denied a publish and dropped the client',
  deniedSubscribes: 'the broker denied a subscription',
  droppedOversize: 'the broker dropped a client for an oversize packet',
  droppedSlowReaders: 'the broker dropped a client that stopped reading',
} as const;

type Counter = keyof typeof SENTENCES;
/** How often each guard acted since the broker process started. */
export type TallyCounts = Readonly<Record<Counter, number>>;

/** Counts what the guards did and tells the log about it. */
export interface Tally {
  count(counter: Counter, fields: LogFields): void;
  counts(): TallyCounts;
}

const LOG_EVERY_MS = 10_000; // a flood must not become a flood of log lines

/** Creates a tally that writes at most one line per counter every 10 s, with the count so far. */
export function createTally({
  clock,
  warn,
}: {
  readonly clock: Clock;
  readonly warn: (fields: LogFields, message: string) => void;
}): Tally {
  const counts: Record<Counter, number> = {
    refusedConnections: 0,
    refusedLogins: 0,
    deniedPublishes: 0,
    deniedSubscribes: 0,
    droppedOversize: 0,
    droppedSlowReaders: 0,
  };
  const lastLoggedMs = new Map<Counter, number>();
  return {
    count(counter, fields) {
      counts[counter] += 1;
      const nowMs = clock.monotonicMs();
      if (nowMs - (lastLoggedMs.get(counter) ?? -LOG_EVERY_MS) < LOG_EVERY_MS) return;
      lastLoggedMs.set(counter, nowMs);
      warn({ ...fields, count: counts[counter] }, SENTENCES[counter]);
    },
    counts: () => ({ ...counts }),
  };
}
