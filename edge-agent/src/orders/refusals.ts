import type { Channel, RefusalCode } from '@loa/contract';
import type { Clock, Logger } from '@loa/kernel';
import type { Journal } from '../journal/journal.ts';
import { toSentence } from '../sentence.ts';

/** At most one event per channel and code in this time, so that a flood of noise cannot wear out the disk. */
const QUIET_MS = 60_000;

/** Counts messages that were refused before anybody could be answered: noise, forgeries, floods (P1). */
export interface Refusals {
  count(channel: Channel, code: RefusalCode, why: string): void;
  /** All refusals since the start, for health. */
  total(): number;
}

/** Creates the counter. The first refusal of a kind is journalled at once, later ones together with the next. */
export function createRefusals({
  journal,
  clock,
  log,
}: {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Logger;
}): Refusals {
  const tallies = new Map<string, { count: number; quietUntilMs: number }>();
  let total = 0;
  return {
    total: () => total,
    count(channel, code, why) {
      total++;
      const key = `${channel} ${code}`;
      const tally = tallies.get(key) ?? { count: 0, quietUntilMs: Number.NEGATIVE_INFINITY };
      tally.count++;
      tallies.set(key, tally);
      if (clock.monotonicMs() < tally.quietUntilMs) return;
      log.warn({ channel, code, count: tally.count }, 'a message was refused');
      journal.append({ kind: 'refused', channel, code, count: tally.count, detail: toSentence(why) });
      tally.count = 0;
      tally.quietUntilMs = clock.monotonicMs() + QUIET_MS;
    },
  };
}
