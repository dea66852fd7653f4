import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, errorCode } from '@loa/kernel';
import type { AgentErrorCode } from '../errors.ts';

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'it is on a read-only disk',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'something on the way to it is a file',
  EEXIST: 'it is a file',
};

/** Makes the data folder when it is missing and proves that it can be written. @throws {AppError} agent/data-dir. */
export function prepareDataDir(path: string): void {
  const probe = join(path, `.write-${randomUUID()}`);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
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
