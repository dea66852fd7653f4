import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';

export type AreaRow = Selectable<Tables['areas']>;

/** Rows of the tree of areas. */
export function createAreaStore(db: Db) {
  return {
    all: (): Promise<AreaRow[]> =>
      db.selectFrom('areas').selectAll().orderBy('created_ms').orderBy('id').execute(),
    find: (id: string): Promise<AreaRow | undefined> =>
      db.selectFrom('areas').selectAll().where('id', '=', id).executeTakeFirst(),
    async add(row: Insertable<Tables['areas']>): Promise<void> {
      await db.insertInto('areas').values(row).execute();
    },
    async rename(id: string, name: string, kind: string): Promise<void> {
      await db.updateTable('areas').set({ name, kind }).where('id', '=', id).execute();
    },
  };
}
