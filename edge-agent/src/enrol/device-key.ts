import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PrivateJwk } from '@loa/contract';
import { AppError, errorCode } from '@loa/kernel';
import { z } from 'zod';
import { writeSecretFile } from '../db/durable-file.ts';
import type { AgentErrorCode } from '../errors.ts';

const jwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().length(43),
  d: z.string().length(43),
});

/**
 * Returns the box's own key, made here at the first start and never shown to anybody: a file of mode 0600.
 * @throws {AppError} agent/bad-identity when the file is there and cannot be read.
 */
export async function deviceKey(dataDir: string): Promise<PrivateJwk> {
  const path = join(dataDir, 'device-key.json');
  try {
    return jwk.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    if (errorCode(cause) !== 'ENOENT')
      throw new AppError<AgentErrorCode>(
        `the key file ${path} cannot be read: restore it, or remove it and enrol the box again`,
        { code: 'agent/bad-identity', cause },
      );
  }
  const made = jwk.parse(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }));
  await writeSecretFile(path, JSON.stringify(made));
  return made;
}
