import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError, errorCode } from '@loa/kernel';
import type { AgentErrorCode } from '../errors.ts';

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'it is on a read-only disk',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'something on the way to it is a file',
  ENOENT: 'nothing can be made there',
};

/** Makes the data folder when it is missing and proves that it can be written. @throws {AppError} agent/data-dir. */
export function prepareDataDir(path: string): void {
  const probe = join(path, `.write-${randomUUID()}`);
  try {
    makeFolder(path);
    writeFileSync(probe, 'x');
    rmSync(probe);
  } catch (cause) {
    const code = errorCode(cause) ?? 'unknown';
    throw new AppError<AgentErrorCode>(
      `the data folder ${path} cannot be used: ${WHY[code] ?? code}. Set LOA_AGENT_DATA_DIR to a folder this user may write.`,
      { code: 'agent/data-dir', cause, details: { path, reason: code } },
    );
  }
}

/** Node's own recursive mkdir never returns where a folder exists but nothing can be made in it, as in /proc. */
function makeFolder(path: string): void {
  const make = () => mkdirSync(path, { mode: 0o700 });
  try {
    make();
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return; // when it is a file, the first write says so
    if (errorCode(error) !== 'ENOENT') throw error;
    makeFolder(dirname(path));
    make();
  }
}
