import type { Db } from '../db/database.ts';

/** One value of the site, kept as JSON under a name. */
export interface Setting<T> {
  read(db: Db): Promise<T | undefined>;
  write(db: Db, value: T): Promise<void>;
  clear(db: Db): Promise<void>;
}

/** Names a setting and says how its JSON is read; `parse` throws on what it does not know. */
export function setting<T>(key: string, parse: (value: unknown) => T): Setting<T> {
  return {
    async read(db) {
      const row = await db.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst();
      return row && parse(JSON.parse(row.value));
    },
    async write(db, value) {
      const text = JSON.stringify(value);
      await db
        .insertInto('settings')
        .values({ key, value: text })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: text }))
        .execute();
    },
    async clear(db) {
      await db.deleteFrom('settings').where('key', '=', key).execute();
    },
  };
}
