import { createHash } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sha256 } from '@loa/kernel';

/** A file kept under the hash of its bytes. */
export interface KeptFile {
  readonly path: string;
  readonly sha256: Sha256;
  readonly byteLength: number;
}

/**
 * Moves the file at `tempPath` to `<sha256><extension>` in `folder`, on the same file system.
 * It and its name are on the disk when this returns: a power cut leaves the whole file or none.
 */
export async function keepByContent(tempPath: string, folder: string, extension: string): Promise<KeptFile> {
  const file = await open(tempPath, 'r+');
  let sha256: Sha256;
  let byteLength = 0;
  try {
    const hash = createHash('sha256');
    for await (const chunk of file.createReadStream({ autoClose: false, start: 0 })) {
      hash.update(chunk);
      byteLength += chunk.length;
    }
    sha256 = hash.digest('hex') as Sha256; // the one place in this workspace where this brand is made
    await file.sync();
  } finally {
    await file.close();
  }
  const path = join(folder, `${sha256}${extension}`);
  await rename(tempPath, path);
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
  return { path, sha256, byteLength };
}
