import type { Selectable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';

export type SoundRow = Selectable<Tables['sounds']>;

/** Rows of the sound library; a sound is its bytes, so a row never changes. */
export function createSoundStore(db: Db) {
  return {
    find: (sha256: string) =>
      db.selectFrom('sounds').selectAll().where('sha256', '=', sha256).executeTakeFirst(),
    /** Adds a sound, or does nothing when the same bytes are there already. */
    async add(row: SoundRow): Promise<void> {
      await db
        .insertInto('sounds')
        .values(row)
        .onConflict((conflict) => conflict.column('sha256').doNothing())
        .execute();
    },
  };
}
