import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { AppError } from '@loa/kernel';
import type { ControllerErrorCode } from '../errors.ts';

const NAME = /^loa-(\d{4}-\d{2}-\d{2})\.db$/;

/**
 * Copies the open database into `folder` as `loa-<day>.db` while it is in use, opens the copy and checks it before it takes
 * its name; then forgets copies of days before `day` minus `keepDays`. Returns the path of the copy.
 * @throws {AppError} controller/database when the copy is not sound: the older ones then stay.
 */
export async function backUp({
  raw,
  folder,
  day,
  keepDays,
}: {
  readonly raw: DatabaseSync;
  readonly folder: string;
  readonly day: Temporal.PlainDate;
  /** Days, 1 or more. */
  readonly keepDays: number;
}): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `loa-${day.toString()}.db`);
  const draft = `${path}.part`;
  await rm(draft, { force: true });
  await backup(raw, draft);
  requireSound(draft);
  await toDisk(draft);
  await rename(draft, path);
  await toDisk(folder);
  const oldest = day.subtract({ days: keepDays });
  for (const name of await readdir(folder)) {
    const copied = NAME.exec(name)?.[1];
    if (copied && Temporal.PlainDate.compare(copied, oldest) < 0) await rm(join(folder, name));
  }
  return path;
}

/** @throws {AppError} controller/database */
function requireSound(path: string): void {
  const copy = new DatabaseSync(path);
  try {
    copy.exec('PRAGMA journal_mode=DELETE'); // one file that stands alone, whoever opens it
    const verdict = copy.prepare('PRAGMA quick_check').get()?.['quick_check'];
    if (verdict !== 'ok')
      throw new AppError<ControllerErrorCode>(`the backup ${path} is not sound: ${String(verdict)}`, {
        code: 'controller/database',
      });
  } finally {
    copy.close();
  }
}

/** A name in a folder is durable only when the folder itself was synced. */
async function toDisk(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
