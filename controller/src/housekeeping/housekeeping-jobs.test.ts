import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakeClock, memoryLogger } from '@loa/kernel/testing';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../db/database.ts';
import { createJobs } from '../jobs/jobs.ts';
import { createLiveEvents } from '../live-events/live-events.service.ts';
import { housekeepingJobs } from './housekeeping-jobs.ts';

const DAY_MS = 86_400_000;

async function nightlyJobs() {
  const folder = await mkdtemp(join(tmpdir(), 'loa-nightly-'));
  const database = await openDatabase(join(folder, 'loa.db'));
  onTestFinished(async () => {
    await database.close();
    await rm(folder, { recursive: true });
  });
  const clock = fakeClock('2026-01-05T18:30:00Z');
  const log = memoryLogger();
  const jobs = createJobs({
    clock,
    log,
    jobs: housekeepingJobs({
      database,
      folder: join(folder, 'backups'),
      keep: { backupDays: 14, journalDays: 30 },
      timeZone: 'Asia/Ho_Chi_Minh',
      liveEvents: createLiveEvents({ db: database.db, clock }),
      world: { clock, log },
    }),
  });
  return { folder, jobs, raw: database.raw, nowMs: clock.now().epochMilliseconds };
}

it('the backup is named for the day in the commune, not in Greenwich', async () => {
  const { folder, jobs } = await nightlyJobs();
  expect((await jobs.runNow('backup')).lastError).toBeUndefined();
  expect(existsSync(join(folder, 'backups', 'loa-2026-01-06.db'))).toBe(true);
});

it('retention forgets old console events, journals and orders, but no order that a box should still hold', async () => {
  const { jobs, raw, nowMs } = await nightlyJobs();
  const oldMs = nowMs - 31 * DAY_MS;
  raw.exec('PRAGMA foreign_keys=OFF');
  const insert = (table: string, rows: readonly (readonly (string | number | null)[])[]) => {
    for (const row of rows)
      raw.prepare(`INSERT INTO ${table} VALUES (${row.map(() => '?').join()})`).run(...row);
  };
  insert('live_events', [
    [1, nowMs - 8 * DAY_MS, 'hold', '{}'],
    [2, nowMs - 6 * DAY_MS, 'hold', '{}'],
  ]);
  insert('journal_events', [
    ['box-1', 'j', 1, oldMs, 'trusted', 'b', 'started', '{}', oldMs],
    ['box-1', 'j', 2, oldMs, 'trusted', 'b', 'started', '{}', nowMs],
  ]);
  insert('signed_orders', [
    ['old', 'box-1', 'plan', 1, 1, 'jws', oldMs],
    ['held', 'box-1', 'plan', 1, 2, 'jws', oldMs],
    ['new', 'box-1', 'plan', 1, 3, 'jws', nowMs],
  ]);
  raw
    .prepare(
      `INSERT INTO device_states (device_id, kind, epoch, rev, jws, digest, content_hash, issued_ms, attempts)
       VALUES ('box-1', 'plan', 1, 2, 'jws', 'held', 'c', ?, 0)`,
    )
    .run(oldMs);
  expect((await jobs.runNow('retention')).lastError).toBeUndefined();
  expect(raw.prepare('SELECT id FROM live_events').all()).toMatchObject([{ id: 2 }]);
  expect(raw.prepare('SELECT seq FROM journal_events').all()).toMatchObject([{ seq: 2 }]);
  expect(raw.prepare('SELECT sha256 FROM signed_orders ORDER BY issued_ms').all()).toMatchObject([
    { sha256: 'held' },
    { sha256: 'new' },
  ]);
});
