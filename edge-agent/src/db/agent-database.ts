import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError, type Logger } from '@loa/kernel';
import type { AgentErrorCode } from '../errors.ts';
import { MIGRATIONS } from './migrations.ts';

/** The agent's one database: plans, acts, claims and journal. Commits are durable when a statement returns. */
export interface AgentDatabase {
  readonly sql: DatabaseSync;
  /** Where a damaged database was moved when it was opened; `undefined` when it was whole or new. */
  readonly movedTo: string | undefined;
  /** Runs `work` in one transaction; inside another it joins that one. `work` must be synchronous. */
  transaction<T>(work: () => T): T;
  /** Returns a remembered value. */
  recall(key: string): string | undefined;
  /** Remembers a value durably. */
  remember(key: string, value: string): void;
  close(): void;
}

// https://www.sqlite.org/rescode.html
const BUSY = 5;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/**
 * Opens `agent.db` in a prepared data folder. A damaged file is moved aside, never deleted, and a new one is made.
 * @throws {AppError} agent/already-running, agent/newer-database.
 */
export function openAgentDatabase({
  dir,
  log,
  suffix,
}: {
  readonly dir: string;
  readonly log: Logger;
  /** Names the file that is moved aside. */
  readonly suffix: string;
}): AgentDatabase {
  const path = join(dir, 'agent.db');
  let movedTo: string | undefined;
  let sql: DatabaseSync;
  try {
    sql = openChecked(path);
  } catch (error) {
    if (resultCode(error) === BUSY)
      throw new AppError<AgentErrorCode>(`another agent already runs on the data folder ${dir}`, {
        code: 'agent/already-running',
        cause: error,
      });
    if (!isDamage(error)) throw error;
    movedTo = moveAside(path, suffix);
    log.error({ code: 'agent/database-damaged', movedTo }, 'the database was damaged and a new one was made');
    sql = openChecked(path);
  }
  return aroundSql(sql, movedTo);
}

function aroundSql(sql: DatabaseSync, movedTo: string | undefined): AgentDatabase {
  const select = sql.prepare('SELECT value FROM meta WHERE key = ?');
  const upsert = sql.prepare(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  );
  let depth = 0;
  return {
    sql,
    movedTo,
    transaction(work) {
      if (depth > 0) return work();
      sql.exec('BEGIN IMMEDIATE');
      depth++;
      try {
        const result = work();
        sql.exec('COMMIT');
        return result;
      } catch (error) {
        if (sql.isTransaction) sql.exec('ROLLBACK');
        throw error;
      } finally {
        depth--;
      }
    },
    recall(key) {
      const value = select.get(key)?.['value'];
      return typeof value === 'string' ? value : undefined;
    },
    remember(key, value) {
      upsert.run(key, value);
    },
    close() {
      if (sql.isOpen) sql.close();
    },
  };
}

function openChecked(path: string): DatabaseSync {
  const sql = new DatabaseSync(path, { timeout: 1_000 });
  try {
    // One process owns the file: a second agent on the same folder must fail here, not play the same plan too.
    sql.exec(
      'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; BEGIN IMMEDIATE; COMMIT',
    );
    const verdict = sql.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    if (verdict !== 'ok') throw new DamagedDatabase(String(verdict));
    migrate(sql);
    return sql;
  } catch (error) {
    sql.close();
    throw error;
  }
}

function migrate(sql: DatabaseSync): void {
  const version = Number(sql.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
  if (version > MIGRATIONS.length)
    throw new AppError<AgentErrorCode>(
      `the database has shape ${version}, this agent knows ${MIGRATIONS.length}: install the newer agent again`,
      { code: 'agent/newer-database' },
    );
  for (const [index, step] of MIGRATIONS.entries())
    if (index >= version) sql.exec(`BEGIN IMMEDIATE; ${step}; PRAGMA user_version = ${index + 1}; COMMIT`);
}

class DamagedDatabase extends Error {}

function resultCode(error: unknown): number | undefined {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code & 0xff : undefined;
}

function isDamage(error: unknown): boolean {
  const code = resultCode(error);
  return error instanceof DamagedDatabase || code === CORRUPT || code === NOT_A_DATABASE;
}

function moveAside(path: string, suffix: string): string {
  const target = `${path}.damaged-${suffix}`;
  renameSync(path, target);
  for (const end of ['-wal', '-shm'])
    try {
      renameSync(path + end, target + end);
    } catch {
      // there was none
    }
  return target;
}
