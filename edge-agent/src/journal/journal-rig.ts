import { countingId, type FakeClock, fakeClock, memoryLogger } from '@loa/kernel/testing';
import { openAgentDatabase } from '../db/agent-database.ts';
import { tempFolder } from '../temp-folder.ts';
import { openJournal } from './journal.ts';

/** A journal on a disk of its own, under a fake clock that is trusted. */
export function aJournal({
  dir = tempFolder(),
  clock = fakeClock(),
}: {
  readonly dir?: string;
  readonly clock?: FakeClock;
} = {}) {
  const log = memoryLogger();
  const database = openAgentDatabase({ dir, log, suffix: 't' });
  const time = {
    read: () => ({ nowMs: clock.now().epochMilliseconds, state: 'trusted' as const, uncertaintyMs: 10 }),
  };
  const journal = openJournal({ database, time, bootId: 'boot-1', randomId: countingId() });
  const note = (detail: string) => journal.append({ kind: 'fault', code: 'test/fault', detail });
  const all = () =>
    journal.after(0, { maxEvents: 100_000, maxBytes: 1e9 }).map(({ json }) => JSON.parse(json));
  return { dir, clock, log, database, time, journal, note, all };
}
