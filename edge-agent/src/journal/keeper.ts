import { type Clock, type Logger, MAX_SLEEP_MS, type Part } from '@loa/kernel';
import type { Timekeeper } from '../clock/timekeeper.ts';
import type { AgentDatabase } from '../db/agent-database.ts';
import type { Journal } from './journal.ts';
import { trimJournal } from './retention.ts';

const EVERY_MS = 6 * 3_600_000;
/** Years of ordinary days; a box that cannot deliver for so long forgets its oldest. */
const BUDGET_BYTES = 64 * 1024 * 1024;

/** Keeps the journal inside its budget, and writes down what the clock does. */
export function createJournalKeeper({
  database,
  journal,
  time,
  clock,
  log,
}: {
  readonly database: AgentDatabase;
  readonly journal: Journal;
  readonly time: Timekeeper;
  readonly clock: Clock;
  readonly log: Logger;
}): Part {
  let life: AbortController | undefined;
  let stopListening = () => {};
  const trim = () => {
    // Under an untrusted clock everything could look old.
    if (time.read().state === 'untrusted') return;
    trimJournal({ database, journal, nowMs: time.read().nowMs, budgetBytes: BUDGET_BYTES });
  };
  const run = async (signal: AbortSignal) => {
    for (let trimmedMs = Number.NEGATIVE_INFINITY; ; ) {
      if (clock.monotonicMs() - trimmedMs >= EVERY_MS) {
        trimmedMs = clock.monotonicMs();
        trim();
      }
      await clock.sleep(MAX_SLEEP_MS, { signal });
    }
  };
  return {
    name: 'journal keeper',
    start() {
      if (life) return;
      life = new AbortController();
      const { signal } = life;
      stopListening = time.onChange(({ from, to, stepMs, uncertaintyMs }) => {
        log.info({ from, to, stepMs }, 'the clock changed');
        journal.append({ kind: 'clock-change', from, to, stepMs, uncertaintyMs });
      });
      void run(signal).catch((error: unknown) => {
        if (!signal.aborted) log.error({ err: error }, 'the journal could not be trimmed');
      });
    },
    stop() {
      stopListening();
      life?.abort();
      life = undefined;
    },
  };
}
