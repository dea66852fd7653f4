import { z } from 'zod';
import { body, type Person } from './person.ts';

const uploaded = z.object({ sha256: z.string() });

/** Uploads a recording as the console does; returns the hash of what it became. @throws {AppError} as `body`. */
export async function uploadSound({ api, fetch }: Person, bytes: Uint8Array): Promise<string> {
  const answer = await fetch(api.sounds.$url(), { method: 'POST', body: new Uint8Array(bytes) });
  return uploaded.parse(await body(Promise.resolve(answer))).sha256;
}
