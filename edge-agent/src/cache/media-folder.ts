import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '@loa/contract';
import type { Sha256 } from '@loa/kernel';
import type { AgentDatabase } from '../db/agent-database.ts';
import { moveIntoPlace } from '../db/durable-file.ts';

/** Sounds by their content. A file with a sound's name holds that sound whole; all else is under another name. */
export interface MediaFolder {
  /** Makes the folder and looks at what is there. */
  open(): Promise<void>;
  /** Returns the file of a sound that is held, or `undefined`. */
  path(sound: Sha256): string | undefined;
  /** Where a sound grows until it is whole. */
  partial(sound: Sha256): string;
  /** Moves a finished partial file into place when it is what it should be; deletes it and returns false otherwise. */
  admit(sound: Sha256, nowMs: number): Promise<boolean>;
  /** Marks a sound as used, so that it is not the next to go. */
  touch(sound: Sha256, nowMs: number): void;
  /** Tells whether a held file still is the sound it was. */
  isIntact(sound: Sha256): Promise<boolean>;
  /** Deletes a sound: it was damaged on the disk, or must make room. */
  remove(sound: Sha256): Promise<void>;
  usedBytes(): number;
  /** Returns sounds, least recently used first. */
  oldestFirst(): readonly { readonly sound: Sha256; readonly bytes: number }[];
}

/** Returns the SHA-256 of a file as it lies on the disk. */
async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest('hex');
}

/** Creates the folder of sounds under the data folder. */
export function createMediaFolder({
  dir,
  database: { sql, transaction },
}: {
  readonly dir: string;
  readonly database: AgentDatabase;
}): MediaFolder {
  const partialDir = join(dir, 'partial');
  const upsert = sql.prepare(
    'INSERT INTO media (sha256, bytes, used_ms) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET used_ms = excluded.used_ms',
  );
  const discover = sql.prepare('INSERT OR IGNORE INTO media (sha256, bytes, used_ms) VALUES (?, ?, 0)');
  const touch = sql.prepare('UPDATE media SET used_ms = ? WHERE sha256 = ?');
  const forget = sql.prepare('DELETE FROM media WHERE sha256 = ?');
  const all = sql.prepare('SELECT sha256, bytes FROM media ORDER BY used_ms, sha256');
  const held = new Map<Sha256, number>();
  const fileOf = (sound: Sha256) => join(dir, sound);
  return {
    async open() {
      await mkdir(partialDir, { recursive: true });
      held.clear();
      for (const name of await readdir(dir)) {
        const sound = sha256.safeParse(name);
        if (sound.success) held.set(sound.data, (await stat(join(dir, name))).size);
      }
      transaction(() => {
        for (const row of all.all()) {
          const sound = sha256.parse(row['sha256']);
          if (!held.has(sound)) forget.run(sound);
        }
        for (const [sound, bytes] of held) discover.run(sound, bytes);
      });
    },
    path: (sound) => (held.has(sound) ? fileOf(sound) : undefined),
    partial: (sound) => join(partialDir, sound),
    async admit(sound, nowMs) {
      const partial = join(partialDir, sound);
      if ((await hashOf(partial)) !== sound) {
        await rm(partial, { force: true });
        return false;
      }
      const { size } = await stat(partial);
      await moveIntoPlace(partial, fileOf(sound));
      upsert.run(sound, size, Math.round(nowMs));
      held.set(sound, size);
      return true;
    },
    touch(sound, nowMs) {
      touch.run(Math.round(nowMs), sound);
    },
    isIntact: async (sound) => (await hashOf(fileOf(sound)).catch(() => '')) === sound,
    async remove(sound) {
      held.delete(sound);
      forget.run(sound);
      await rm(fileOf(sound), { force: true });
    },
    usedBytes: () => [...held.values()].reduce((sum, bytes) => sum + bytes, 0),
    oldestFirst: () =>
      all.all().map((row) => ({ sound: sha256.parse(row['sha256']), bytes: Number(row['bytes']) })),
  };
}
