import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { PrivateJwk } from '@loa/contract';
import { AppError, errorCode } from '@loa/kernel';
import { z } from 'zod';
import type { ControllerErrorCode } from '../errors.ts';

const privateJwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().length(43),
  d: z.string().length(43),
});

/** What is public about the site's keys: kept beside them, so that a database from a backup cannot contradict it unseen. */
const siteFile = z.object({
  siteId: z.string().min(1),
  root: z.object({ kid: z.string().length(43), x: z.string().length(43) }),
  orderKid: z.string().length(43),
  /** The newest `keys` state, as the root signed it, and its revision. */
  keys: z.object({ epoch: z.int().min(1), rev: z.int().min(1), jws: z.string(), notAfterMs: z.int() }),
});
export type SiteFile = z.output<typeof siteFile>;

/** The files of one site's keys, in a folder closed to other accounts. */
export interface KeyFiles {
  readonly rootPath: string;
  site(): Promise<SiteFile | undefined>;
  orderKey(): Promise<PrivateJwk | undefined>;
  /** The root's private half; absent once it was carried away, as it should be. */
  rootKey(): Promise<PrivateJwk | undefined>;
  write(files: {
    readonly site?: SiteFile;
    readonly orderKey?: PrivateJwk;
    readonly rootKey?: PrivateJwk;
  }): Promise<void>;
}

/** Returns a new Ed25519 key. */
export function makeKey(): PrivateJwk {
  return privateJwk.parse(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }));
}

/** Opens `<dataDir>/keys`. Every file is replaced whole or not at all. */
export async function openKeyFiles(dataDir: string): Promise<KeyFiles> {
  const folder = join(dataDir, 'keys');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const sitePath = join(folder, 'site.json');
  const orderPath = join(folder, 'order.json');
  const rootPath = join(folder, 'root-offline.json');
  return {
    rootPath,
    site: () => readJson(sitePath, siteFile),
    orderKey: () => readJson(orderPath, privateJwk),
    rootKey: () => readJson(rootPath, privateJwk),
    async write({ site, orderKey, rootKey }) {
      // The site file comes last: until it stands, the next start makes keys anew.
      if (rootKey) await writeDurably(rootPath, rootKey);
      if (orderKey) await writeDurably(orderPath, orderKey);
      if (site) await writeDurably(sitePath, site);
    },
  };
}

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return undefined;
    throw new AppError<ControllerErrorCode>(
      `the key file ${path} cannot be read: put back the copy that belongs to this site`,
      { code: 'controller/keys', cause, details: { path } },
    );
  }
}

async function writeDurably(path: string, value: object): Promise<void> {
  const draft = `${path}.new`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.chmod(0o600); // a left-over draft keeps the mode it had
    await file.writeFile(`${JSON.stringify(value)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  const folder = await open(join(path, '..'), 'r');
  await folder.sync().finally(() => folder.close());
}
