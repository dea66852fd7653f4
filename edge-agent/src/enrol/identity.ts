import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Enrolment, enrolment } from '@loa/contract';
import { AppError, errorCode } from '@loa/kernel';
import { writeSecretFile } from '../db/durable-file.ts';
import type { AgentErrorCode } from '../errors.ts';

/** What the controller issued: who this box is, whom it obeys, and where it connects. */
export type Identity = Extract<Enrolment, { readonly status: 'issued' }>;

const pathIn = (dataDir: string) => join(dataDir, 'identity.json');

/** Returns the stored identity, or `undefined` before the enrolment. @throws {AppError} agent/bad-identity. */
export async function readIdentity(dataDir: string): Promise<Identity | undefined> {
  try {
    const stored = enrolment.parse(JSON.parse(await readFile(pathIn(dataDir), 'utf8')));
    if (stored.status === 'issued') return stored;
    throw new TypeError('no identity was issued in it');
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return undefined;
    throw new AppError<AgentErrorCode>(
      `the identity file ${pathIn(dataDir)} cannot be read: restore it, or remove it and enrol the box again`,
      { code: 'agent/bad-identity', cause },
    );
  }
}

/** Stores an identity durably, readable by this user only: it holds the link key. */
export async function writeIdentity(dataDir: string, identity: Identity): Promise<void> {
  await writeSecretFile(pathIn(dataDir), JSON.stringify(identity));
}
