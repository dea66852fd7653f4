import type { Insertable, Selectable, Updateable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';

export type ProcedureRow = Selectable<Tables['procedures']>;

/** Rows of procedures. */
export function createProcedureStore(db: Db) {
  return {
    all: (): Promise<ProcedureRow[]> => db.selectFrom('procedures').selectAll().orderBy('code').execute(),
    find: (id: string): Promise<ProcedureRow | undefined> =>
      db.selectFrom('procedures').selectAll().where('id', '=', id).executeTakeFirst(),
    async add(row: Insertable<Tables['procedures']>): Promise<void> {
      await db.insertInto('procedures').values(row).execute();
    },
    async change(id: string, changes: Updateable<Tables['procedures']>): Promise<void> {
      await db.updateTable('procedures').set(changes).where('id', '=', id).execute();
    },
  };
}
