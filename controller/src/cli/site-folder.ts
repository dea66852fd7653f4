import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@loa/kernel';
import { type OpenDatabase, openDatabase } from '../db/database.ts';
import type { ControllerErrorCode } from '../errors.ts';

/**
 * Opens the database of an existing site; the controller may be running.
 * @throws {AppError} controller/data-dir when there is none in this folder.
 */
export async function openSite(dataDir: string): Promise<OpenDatabase> {
  const path = join(dataDir, 'loa.db');
  try {
    await access(path);
  } catch (cause) {
    throw new AppError<ControllerErrorCode>(
      `there is no site in ${dataDir}: set LOA_DATA_DIR to the folder that the controller uses`,
      { code: 'controller/data-dir', cause },
    );
  }
  return openDatabase(path);
}

/** Says a fault as one sentence with its code. */
export function explain(error: unknown): string {
  return error instanceof AppError ? `${error.message} [${error.code}]` : String(error);
}
