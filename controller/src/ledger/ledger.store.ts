import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';

export type LedgerRow = Selectable<Tables['ledger']>;
export type OccurrenceRow = Selectable<Tables['occurrences']>;

/** Values bound at once, far below SQLite's bound. */
const CHUNK = 500;

/** Rows of how occurrences ended: only ever appended. */
export function createLedgerStore(db: Db) {
  return {
    async append(row: Insertable<Tables['ledger']>): Promise<void> {
      await db
        .insertInto('ledger')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    /** Oldest first: the last one counts. */
    async ofOccurrences(ids: readonly string[]): Promise<readonly LedgerRow[]> {
      const rows: LedgerRow[] = [];
      for (let at = 0; at < ids.length; at += CHUNK)
        rows.push(
          ...(await db
            .selectFrom('ledger')
            .selectAll()
            .where('occurrence_id', 'in', ids.slice(at, at + CHUNK))
            .orderBy('id')
            .execute()),
        );
      return rows;
    },
    occurrence: (id: string) =>
      db.selectFrom('occurrences').selectAll().where('id', '=', id).executeTakeFirst(),
    async occurrences(ids: readonly string[]): Promise<readonly OccurrenceRow[]> {
      const rows: OccurrenceRow[] = [];
      for (let at = 0; at < ids.length; at += CHUNK)
        rows.push(
          ...(await db
            .selectFrom('occurrences')
            .selectAll()
            .where('id', 'in', ids.slice(at, at + CHUNK))
            .execute()),
        );
      return rows;
    },
    /** Starts from `fromMs` (inclusive) to `untilMs` (exclusive), by start. */
    between: (fromMs: number, untilMs: number) =>
      db
        .selectFrom('occurrences')
        .innerJoin('clusters', 'clusters.id', 'occurrences.cluster_id')
        .selectAll('occurrences')
        .select(['clusters.name as cluster_name', 'clusters.area_id'])
        .where('starts_at_ms', '>=', fromMs)
        .where('starts_at_ms', '<', untilMs)
        .orderBy('starts_at_ms')
        .orderBy('cluster_id')
        .execute(),
  };
}
