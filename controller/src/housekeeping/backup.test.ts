import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../db/database.ts';
import { backUp } from './backup.ts';

async function siteOnDisk() {
  const root = await mkdtemp(join(tmpdir(), 'loa-backup-'));
  const { raw, close } = await openDatabase(join(root, 'loa.db'));
  onTestFinished(async () => {
    await close();
    await rm(root, { recursive: true });
  });
  const folder = join(root, 'backups');
  const on = (day: string, keepDays = 2) =>
    backUp({ raw, folder, day: Temporal.PlainDate.from(day), keepDays });
  return { raw, folder, on };
}

describe('the nightly backup', () => {
  it('is a whole database with every committed row, taken while the original is in use', async () => {
    const { raw, on } = await siteOnDisk();
    raw.exec("INSERT INTO settings VALUES ('a', '1')");
    const path = await on('2026-01-05');
    raw.exec("INSERT INTO settings VALUES ('b', '2')");
    const copy = new DatabaseSync(path, { readOnly: true });
    onTestFinished(() => copy.close());
    expect(copy.prepare('SELECT * FROM settings').all()).toMatchObject([{ key: 'a', value: '1' }]);
    expect(copy.prepare('PRAGMA integrity_check').get()).toMatchObject({ integrity_check: 'ok' });
  });

  it('keeps as many days as wanted, and touches nothing that it did not make', async () => {
    const { folder, on } = await siteOnDisk();
    await on('2026-01-05');
    await writeFile(join(folder, 'before-the-flood.db'), 'mine');
    for (const day of ['2026-01-06', '2026-01-07', '2026-01-08']) await on(day);
    expect((await readdir(folder)).sort()).toEqual([
      'before-the-flood.db',
      'loa-2026-01-06.db',
      'loa-2026-01-07.db',
      'loa-2026-01-08.db',
    ]);
  });

  it('may be taken twice a day, and after one that was cut off', async () => {
    const { raw, folder, on } = await siteOnDisk();
    await on('2026-01-05');
    await writeFile(join(folder, 'loa-2026-01-05.db.part'), 'half');
    raw.exec("INSERT INTO settings VALUES ('a', '1')");
    const copy = new DatabaseSync(await on('2026-01-05'), { readOnly: true });
    onTestFinished(() => copy.close());
    expect(copy.prepare('SELECT count(*) AS rows FROM settings').get()).toMatchObject({ rows: 1 });
    expect(await readdir(folder)).toEqual(['loa-2026-01-05.db']);
  });
});
