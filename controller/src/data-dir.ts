import { randomBytes } from 'node:crypto';
import { access, chmod, constants, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError, errorCode, Secret } from '@loa/kernel';
import type { ControllerErrorCode } from './errors.ts';

/**
 * Makes the folder that holds everything this controller keeps, closed to other accounts of the machine.
 * @throws {AppError} controller/data-dir when it cannot be made or written.
 */
export async function prepareDataDir(dataDir: string): Promise<void> {
  try {
    await makeFolder(dataDir);
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    const probe = join(dataDir, '.writable');
    await writeFile(probe, ''); // root passes access() anywhere
    await rm(probe);
  } catch (cause) {
    throw new AppError<ControllerErrorCode>(
      `the data folder ${dataDir} cannot be written (${errorCode(cause) ?? String(cause)}): ` +
        'give this account the right to write there, or set LOA_DATA_DIR to another folder',
      { code: 'controller/data-dir', cause, details: { dataDir } },
    );
  }
}

/** Node's own recursive mkdir never returns where a parent exists and yet answers ENOENT, as in /proc. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const parent = dirname(path);
    if (errorCode(error) === 'EEXIST') return;
    if (errorCode(error) !== 'ENOENT' || (await exists(parent))) throw error;
    await makeFolder(parent);
    await mkdir(path, { mode: 0o700 });
  }
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Returns a secret of 32 random bytes kept in the data folder, made on first use. It is not part of the database or its backups. */
export async function keptSecret(dataDir: string, name: string): Promise<Secret> {
  const path = join(dataDir, name);
  try {
    return new Secret((await readFile(path, 'utf8')).trim());
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  const text = randomBytes(32).toString('base64url');
  await writeFile(path, `${text}\n`, { mode: 0o600, flag: 'wx' });
  await chmod(path, 0o600);
  return new Secret(text);
}
