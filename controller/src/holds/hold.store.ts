import type { Selectable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';

export type HoldRow = Selectable<Tables['holds']>;

/** Rows of holds; `target` is the JSON of who was meant. */
export function createHoldStore(db: Db) {
  return {
    async add(row: HoldRow): Promise<void> {
      await db.insertInto('holds').values(row).execute();
    },
    find: (id: string) => db.selectFrom('holds').selectAll().where('id', '=', id).executeTakeFirst(),
    /** Newest first. */
    recent: (limit: number) =>
      db.selectFrom('holds').selectAll().orderBy('from_ms', 'desc').orderBy('id').limit(limit).execute(),
    /** Neither released nor over. */
    active: (nowMs: number) =>
      db
        .selectFrom('holds')
        .selectAll()
        .where('released_ms', 'is', null)
        .where((where) => where.or([where('until_ms', 'is', null), where('until_ms', '>', nowMs)]))
        .orderBy('from_ms')
        .orderBy('id')
        .execute(),
    /** Returns whether it was still to be released. */
    async release(id: string, by: string, atMs: number): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('holds')
        .set({ released_ms: atMs, released_by: by })
        .where('id', '=', id)
        .where('released_ms', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
}
