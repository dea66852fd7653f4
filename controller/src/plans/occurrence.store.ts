import type { KnownOccurrence } from '@loa/schedules';
import type { Selectable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';

export type OccurrenceRow = Selectable<Tables['occurrences']>;

/** What may change of a start after it was first compiled. */
const CHANGING = [
  'series_id',
  'bulletin_id',
  'starts_at_ms',
  'planned_ms',
  'class',
  'title',
  'state',
] as const;

/** Tells whether writing `row` would change nothing. */
export function isSameOccurrence(before: OccurrenceRow | undefined, row: OccurrenceRow): boolean {
  return before !== undefined && CHANGING.every((column) => before[column] === row[column]);
}

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
    async put(rows: readonly OccurrenceRow[]): Promise<void> {
      for (let at = 0; at < rows.length; at += CHUNK)
        await db
          .insertInto('occurrences')
          .values(rows.slice(at, at + CHUNK))
          .onConflict((conflict) =>
            conflict
              .column('id')
              .doUpdateSet(({ ref }) =>
                Object.fromEntries(CHANGING.map((name) => [name, ref(`excluded.${name}`)])),
              ),
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
export function asOccurrence(row: OccurrenceRow): KnownOccurrence | undefined {
  if (row.series_id === null || row.root_series_id === null) return undefined;
  return {
    id: row.id,
    clusterId: row.cluster_id,
    seriesId: row.series_id,
    rootSeriesId: row.root_series_id,
    originalStartMs: row.original_start_ms,
    startsAtMs: row.starts_at_ms,
    plannedMs: row.planned_ms,
    isWithdrawn: row.state === 'withdrawn',
  };
}
