import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import * as first from './migrations/0001-first.ts';
import type { Tables } from './tables.ts';

/** Every migration in order. A released one is never edited; a change is a new file with the next number. */
const MIGRATIONS = { '0001-first': first };

/** Brings the database to the newest version; throws what the failing migration threw. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}
