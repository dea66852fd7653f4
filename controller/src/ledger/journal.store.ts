import type { JournalBatch } from '@loa/contract';
import type { Db } from '../db/database.ts';

type AnyEvent = JournalBatch['events'][number];

/** SQLite binds at most 32,766 values; a whole batch of 200 events takes 1,800. */
const PAGE = 2_000;

/** Rows of what boxes wrote down. Events are only ever added. */
export function createJournalStore(db: Db) {
  const events = (deviceId: string, journalId: string) =>
    db.selectFrom('journal_events').where('device_id', '=', deviceId).where('journal_id', '=', journalId);
  return {
    /** Adds what is not there yet; returns the numbers of those. */
    async add(batch: JournalBatch, receivedMs: number): Promise<ReadonlySet<number>> {
      const rows = batch.events.map((event: AnyEvent) => {
        const { seq, atMs, clock, bootId, ...body } = event;
        return {
          device_id: batch.device,
          journal_id: batch.journalId,
          seq,
          at_ms: atMs,
          clock,
          boot_id: bootId,
          kind: event.kind,
          body: JSON.stringify(body),
          received_ms: receivedMs,
        };
      });
      const added = await db
        .insertInto('journal_events')
        .values(rows)
        .onConflict((conflict) => conflict.doNothing())
        .returning('seq')
        .execute();
      return new Set(added.map(({ seq }) => seq));
    },
    async position(deviceId: string, journalId: string): Promise<number | undefined> {
      const row = await db
        .selectFrom('journal_positions')
        .select('acked_to')
        .where('device_id', '=', deviceId)
        .where('journal_id', '=', journalId)
        .executeTakeFirst();
      return row?.acked_to;
    },
    /** Returns the position of the journal that this box used last. */
    latestPosition: (deviceId: string) =>
      db
        .selectFrom('journal_positions')
        .select(['journal_id', 'acked_to'])
        .where('device_id', '=', deviceId)
        .orderBy('updated_ms', 'desc')
        .limit(1)
        .executeTakeFirst(),
    async setPosition(deviceId: string, journalId: string, ackedTo: number, atMs: number): Promise<void> {
      await db
        .insertInto('journal_positions')
        .values({ device_id: deviceId, journal_id: journalId, acked_to: ackedTo, updated_ms: atMs })
        .onConflict((conflict) =>
          conflict.columns(['device_id', 'journal_id']).doUpdateSet({ acked_to: ackedTo, updated_ms: atMs }),
        )
        .execute();
    },
    async seqsAfter(deviceId: string, journalId: string, seq: number): Promise<readonly number[]> {
      const rows = await events(deviceId, journalId)
        .select('seq')
        .where('seq', '>', seq)
        .orderBy('seq')
        .limit(PAGE)
        .execute();
      return rows.map((row) => row.seq);
    },
    /** Bodies of `lost` events: numbers that will never come. */
    async lost(deviceId: string, journalId: string): Promise<readonly string[]> {
      const rows = await events(deviceId, journalId).select('body').where('kind', '=', 'lost').execute();
      return rows.map(({ body }) => body);
    },
    newestOfKind: (deviceId: string, kind: string) =>
      db
        .selectFrom('journal_events')
        .selectAll()
        .where('device_id', '=', deviceId)
        .where('kind', '=', kind)
        .orderBy('received_ms', 'desc')
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst(),
  };
}
