import type { Selectable, Updateable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';

export type BulletinRow = Selectable<Tables['bulletins']>;
export type VariantRow = Selectable<Tables['variants']>;

/** Rows of bulletins and of their rendered languages. */
export function createBulletinStore(db: Db) {
  return {
    all: () => db.selectFrom('bulletins').selectAll().orderBy('updated_ms', 'desc').limit(500).execute(),
    find: (id: string) => db.selectFrom('bulletins').selectAll().where('id', '=', id).executeTakeFirst(),
    async add(row: BulletinRow): Promise<void> {
      await db.insertInto('bulletins').values(row).execute();
    },
    async set(id: string, changes: Updateable<Tables['bulletins']>): Promise<void> {
      await db.updateTable('bulletins').set(changes).where('id', '=', id).execute();
    },
    /** What waits to be rendered or was being rendered when the process ended, oldest first. */
    rendering: () =>
      db.selectFrom('bulletins').selectAll().where('state', '=', 'rendering').orderBy('updated_ms').execute(),
    variants: (bulletinId: string, version: number) =>
      db
        .selectFrom('variants')
        .selectAll()
        .where('bulletin_id', '=', bulletinId)
        .where('version', '=', version)
        .orderBy('language')
        .execute(),
    /** Replaces the rendered languages of one version. */
    async setVariants(bulletinId: string, version: number, rows: readonly VariantRow[]): Promise<void> {
      await db
        .deleteFrom('variants')
        .where('bulletin_id', '=', bulletinId)
        .where('version', '=', version)
        .execute();
      if (rows.length > 0)
        await db
          .insertInto('variants')
          .values([...rows])
          .execute();
    },
  };
}
