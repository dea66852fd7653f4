import type { Occurrence } from '@loa/schedules';
import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';

export type OccurrenceRow = Selectable<Tables['occurrences']>;

const DAY_MS = 86_400_000;
/** Rows of 12 values at a time, far below SQLite's bound. */
const CHUNK = 200;

/** Rows of concrete starts. None is ever deleted: identity rests on them (P4). */
export function createOccurrenceStore(db: Db) {
  return {
    /** Every start whose original one lies within the horizon or a day around it, withdrawn ones too. */
    known: (clusterId: string, fromMs: number, untilMs: number): Promise<OccurrenceRow[]> =>
      db
        .selectFrom('occurrences')
        .selectAll()
        .where('cluster_id', '=', clusterId)
        .where('original_start_ms', '>=', fromMs - DAY_MS)
        .where('original_start_ms', '<', untilMs + DAY_MS)
        .orderBy('id')
        .execute(),
    async put(rows: readonly Insertable<Tables['occurrences']>[]): Promise<void> {
      for (let at = 0; at < rows.length; at += CHUNK)
        await db
          .insertInto('occurrences')
          .values(rows.slice(at, at + CHUNK))
          .onConflict((conflict) =>
            conflict.column('id').doUpdateSet(({ ref }) => ({
              series_id: ref('excluded.series_id'),
              bulletin_id: ref('excluded.bulletin_id'),
              starts_at_ms: ref('excluded.starts_at_ms'),
              planned_ms: ref('excluded.planned_ms'),
              class: ref('excluded.class'),
              title: ref('excluded.title'),
              state: ref('excluded.state'),
            })),
          )
          .execute();
    },
    /** Withdraws those that have not begun by `nowMs`. */
    async withdraw(ids: readonly string[], nowMs: number): Promise<void> {
      for (let at = 0; at < ids.length; at += CHUNK)
        await db
          .updateTable('occurrences')
          .set({ state: 'withdrawn' })
          .where('id', 'in', ids.slice(at, at + CHUNK))
          .where('starts_at_ms', '>', nowMs)
          .execute();
    },
  };
}

/** Returns a row as `compile` knows it; `undefined` for one that no series made. */
export function asOccurrence(row: OccurrenceRow): Occurrence | undefined {
  if (row.series_id === null || row.root_series_id === null) return undefined;
  return {
    id: row.id,
    clusterId: row.cluster_id,
    seriesId: row.series_id,
    rootSeriesId: row.root_series_id,
    originalStartMs: row.original_start_ms,
    startsAtMs: row.starts_at_ms,
    plannedMs: row.planned_ms,
  };
}
