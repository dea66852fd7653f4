import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes a folder's entries durable: after a rename the new name itself may still be only in memory. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Moves a finished file into place so that, after a power cut, either the old or the new one is there whole. */
export async function moveIntoPlace(from: string, to: string): Promise<void> {
  const file = await open(from, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(from, to);
  await syncFolder(dirname(to));
}

/** Writes a small secret file of mode 0600, durably and never half. */
export async function writeSecretFile(path: string, text: string): Promise<void> {
  const partial = `${path}.tmp`;
  const file = await open(partial, 'w', 0o600);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
  await moveIntoPlace(partial, path);
}
