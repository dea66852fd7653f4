import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '@loa/kernel';
import { Kysely, type SqliteDatabase, SqliteDialect, type Transaction } from 'kysely';
import type { ControllerErrorCode } from '../errors.ts';
import { migrate } from './migrate.ts';
import type { Tables } from './tables.ts';

/** The main database, or a transaction in it. Never use the outer one inside a transaction: SQLite has one connection and would wait for ever. */
export type Db = Kysely<Tables>;
export type Tx = Transaction<Tables>;

/** An open database with its raw connection, which hot paths and backups use. */
export interface OpenDatabase {
  readonly db: Db;
  readonly raw: DatabaseSync;
  close(): Promise<void>;
}

/** Gives Kysely's SQLite dialect the shape it expects of a driver, over `node:sqlite`. */
function asKyselyDatabase(raw: DatabaseSync): SqliteDatabase {
  return {
    close: () => raw.close(),
    prepare(sql) {
      const statement = raw.prepare(sql);
      type Values = Parameters<typeof statement.all>;
      return {
        reader: statement.columns().length > 0,
        all: (values) => statement.all(...(values as Values)),
        run: (values) => statement.run(...(values as Values)),
        iterate: (values) => statement.iterate(...(values as Values)),
      };
    },
  };
}

/**
 * Opens (and creates and migrates) the main database. WAL with `synchronous=FULL`: what was committed survives a power cut.
 * @param path a file, or `:memory:` in tests.
 * @throws {AppError} controller/database when it cannot be opened or is not a sound database.
 */
export async function openDatabase(path: string): Promise<OpenDatabase> {
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const raw = new DatabaseSync(path);
    raw.exec(
      'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=5000;',
    );
    const check = raw.prepare('PRAGMA quick_check(1)').get();
    if (check?.['quick_check'] !== 'ok')
      throw new Error(`quick_check says: ${String(check?.['quick_check'])}`);
    const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: asKyselyDatabase(raw) }) });
    await migrate(db);
    return { db, raw, close: () => db.destroy() };
  } catch (cause) {
    throw new AppError<ControllerErrorCode>(
      `the database ${path} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`,
      { code: 'controller/database', cause, details: { path } },
    );
  }
}
