import type { JournalEvent } from '@loa/contract';
import type { RandomId } from '@loa/kernel';
import type { TimeReading } from '../clock/timekeeper.ts';
import type { AgentDatabase } from '../db/agent-database.ts';
import { createListeners } from '../listeners.ts';

type WithoutBase<Event> = Event extends unknown ? Omit<Event, 'seq' | 'atMs' | 'clock' | 'bootId'> : never;
/** An event before the journal has given it its number, time and boot. */
export type JournalEntry = WithoutBase<JournalEvent>;

/** One event as it lies in the database. */
export interface StoredEvent {
  readonly seq: number;
  readonly json: string;
  readonly bytes: number;
}

/** The append-only record of what this box really did. Numbers have no gaps and never restart. */
export interface Journal {
  /** Made with the database; the controller keys on it. */
  readonly id: string;
  /** Writes an event and returns its number. Durable when it returns, or with the transaction it is called in. */
  append(entry: JournalEntry): number;
  /** Number of the newest event, 0 before the first. */
  head(): number;
  /** Returns events after `seq`, oldest first, while they fit `maxBytes`; at least one when there is any. */
  after(
    seq: number,
    limits: { readonly maxEvents: number; readonly maxBytes: number },
  ): readonly StoredEvent[];
  /** What the controller has committed, as far as the box knows. */
  ackedTo(): number;
  /** Believes the controller, also when it sets the position back. */
  setAckedTo(seq: number): void;
  /** Goes on counting after `seq`: the controller already holds that many events of this journal. */
  skipTo(seq: number): void;
  onAppend(listener: () => void): () => void;
}

/** Opens the journal of a database. */
export function openJournal({
  database,
  time,
  bootId,
  randomId,
}: {
  readonly database: AgentDatabase;
  readonly time: { read(): TimeReading };
  readonly bootId: string;
  readonly randomId: RandomId;
}): Journal {
  const { sql } = database;
  const appended = createListeners<void>();
  const insert = sql.prepare('INSERT INTO event (seq, at_ms, bytes, json) VALUES (?, ?, ?, ?)');
  const newer = sql.prepare('SELECT seq, bytes, json FROM event WHERE seq > ? ORDER BY seq LIMIT ?');
  const newest = sql.prepare('SELECT max(seq) AS seq FROM event');
  const number = (key: string) => Number(database.recall(key) ?? 0);
  let id = database.recall('journal.id');
  if (id === undefined) {
    id = randomId('jrn');
    database.remember('journal.id', id);
  }
  const head = () => Math.max(Number(newest.get()?.['seq'] ?? 0), number('journal.skipped-to'));
  return {
    id,
    head,
    append: (entry) =>
      database.transaction(() => {
        const { nowMs, state } = time.read();
        const seq = head() + 1;
        const atMs = Math.round(nowMs);
        const json = JSON.stringify({ seq, atMs, clock: state, bootId, ...entry });
        insert.run(seq, atMs, Buffer.byteLength(json), json);
        appended.emit();
        return seq;
      }),
    after(seq, { maxEvents, maxBytes }) {
      const events: StoredEvent[] = [];
      let bytes = 0;
      for (const row of newer.iterate(seq, maxEvents)) {
        const event = { seq: Number(row['seq']), json: String(row['json']), bytes: Number(row['bytes']) };
        bytes += event.bytes;
        if (events.length > 0 && bytes > maxBytes) break;
        if (events.length > 0 && event.seq !== (events.at(-1)?.seq ?? 0) + 1) break; // a gap ends a batch
        events.push(event);
      }
      return events;
    },
    ackedTo: () => number('journal.acked-to'),
    setAckedTo: (seq) => database.remember('journal.acked-to', String(seq)),
    skipTo: (seq) => database.remember('journal.skipped-to', String(seq)),
    onAppend: appended.on,
  };
}
