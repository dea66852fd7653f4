import { createSigner, EVERY_BOX, type MessageOf, type PublicKey, type Signer, SUITES } from '@loa/contract';
import { AppError, type Clock, type Logger, type RandomId } from '@loa/kernel';
import { z } from 'zod';
import type { Db } from '../db/database.ts';
import type { ControllerErrorCode } from '../errors.ts';
import { setting } from '../settings/setting.store.ts';
import { type KeyFiles, makeKey, openKeyFiles, type SiteFile } from './key-files.ts';

/** The keys of this site: what signs, and what boxes are enrolled with. */
export interface SiteKeys {
  readonly siteId: string;
  readonly root: PublicKey;
  readonly orderSigner: Signer;
  /** Revision of the `keys` state, counted by the root alone. */
  readonly keysRevision: { readonly epoch: number; readonly rev: number };
  /** Returns the newest `keys` state as the root signed it: one text for every box of the site. */
  keysJws(): Promise<string>;
  /** Every state is signed under this epoch; it rises with the order key and when the controller was restored. */
  readonly epoch: number;
  /** Makes the epoch higher than `seen`; returns the new one. Call it with the transaction that remembers why. */
  raiseEpoch(tx: Db, seen: number): Promise<number>;
}

const DAY_MS = 86_400_000;
/** The root's word on the order key, with a day in the past for boxes whose clocks lag. LIMITS.orderKeyDays is 400. */
const VALID_BEFORE_DAYS = 1;
const VALID_AFTER_DAYS = 399;
const RENEW_WHEN_LEFT_DAYS = 100;

const siteSetting = setting('site-keys', (value) =>
  z.object({ siteId: z.string(), rootKid: z.string(), orderKid: z.string() }).parse(value),
);
const epochSetting = setting('epoch', (value) => z.int().min(1).parse(value));

/**
 * Loads the site's keys, making them on the first run: a root, which belongs on a medium kept offline, and one order key.
 * @throws {AppError} controller/keys when the files do not fit this database or are damaged.
 */
export async function loadSiteKeys({
  db,
  dataDir,
  siteName,
  clock,
  newId,
  log,
}: {
  readonly db: Db;
  readonly dataDir: string;
  readonly siteName: string;
  readonly clock: Clock;
  readonly newId: RandomId;
  readonly log: Logger;
}): Promise<SiteKeys> {
  const files = await openKeyFiles(dataDir);
  const known = await siteSetting.read(db);
  let site = await files.site();
  if (!site) {
    if (known) throw keysFault(`the keys of site ${known.siteId} are missing from ${dataDir}/keys`);
    site = await firstKeys(files, { siteName, clock, newId });
    log.warn(
      { path: files.rootPath },
      'the root key of this site was made; move it to a medium that is kept offline and locked away',
    );
  }
  const { siteId, root, orderKid } = site;
  if (known && (known.siteId !== siteId || known.rootKid !== root.kid || known.orderKid !== orderKid))
    throw keysFault(`the keys in ${dataDir}/keys belong to site ${siteId}, the database to ${known.siteId}`);
  const orderKey = await files.orderKey();
  const orderSigner = orderKey && (await createSigner(orderKey));
  if (orderSigner?.publicKey.kid !== orderKid)
    throw keysFault(`${dataDir}/keys/order.json is missing or is not the order key of site ${siteId}`);
  site = await renewed(site, files, { siteName, clock, newId, log, orderKey: orderSigner.publicKey });
  let epoch = (await epochSetting.read(db)) ?? 1;
  if (!known)
    await db.transaction().execute(async (tx) => {
      await siteSetting.write(tx, { siteId, rootKid: root.kid, orderKid });
      await epochSetting.write(tx, epoch);
    });
  const { keys } = site;
  return {
    siteId,
    root,
    orderSigner,
    keysRevision: { epoch: keys.epoch, rev: keys.rev },
    keysJws: async () => keys.jws,
    get epoch() {
      return epoch;
    },
    async raiseEpoch(tx, seen) {
      epoch = Math.max(epoch, seen) + 1;
      await epochSetting.write(tx, epoch);
      return epoch;
    },
  };
}

const keysFault = (what: string) =>
  new AppError<ControllerErrorCode>(
    `${what}: put back the keys folder that belongs to this database, or the database that belongs to these keys`,
    { code: 'controller/keys' },
  );

interface Making {
  readonly siteName: string;
  readonly clock: Clock;
  readonly newId: RandomId;
}

async function firstKeys(files: KeyFiles, making: Making): Promise<SiteFile> {
  const rootKey = makeKey();
  const orderKey = makeKey();
  const root = await createSigner(rootKey);
  const order = (await createSigner(orderKey)).publicKey;
  const siteId = making.newId('site');
  const keys = await signKeys(root, { siteId, order, rev: 1 }, making);
  const site = { siteId, root: root.publicKey, orderKid: order.kid, keys };
  await files.write({ site, orderKey, rootKey });
  return site;
}

/** While the root is still at hand, it prolongs the order key in time; else somebody is told to bring it. */
async function renewed(
  site: SiteFile,
  files: KeyFiles,
  { orderKey, log, ...making }: Making & { readonly orderKey: PublicKey; readonly log: Logger },
): Promise<SiteFile> {
  const daysLeft = (site.keys.notAfterMs - making.clock.now().epochMilliseconds) / DAY_MS;
  if (daysLeft > RENEW_WHEN_LEFT_DAYS) return site;
  const rootKey = await files.rootKey();
  const root = rootKey && (await createSigner(rootKey));
  if (root?.publicKey.kid !== site.root.kid) {
    log.error(
      { daysLeft: Math.floor(daysLeft) },
      'the order key runs out and the root key is not here to renew it',
    );
    return site;
  }
  const { siteId, keys } = site;
  const renewedSite = {
    ...site,
    keys: await signKeys(root, { siteId, order: orderKey, rev: keys.rev + 1 }, making),
  };
  await files.write({ site: renewedSite });
  return renewedSite;
}

async function signKeys(
  root: Signer,
  { siteId, order, rev }: { readonly siteId: string; readonly order: PublicKey; readonly rev: number },
  { siteName, clock, newId }: Making,
): Promise<SiteFile['keys']> {
  const nowMs = clock.now().epochMilliseconds;
  const notAfterMs = nowMs + VALID_AFTER_DAYS * DAY_MS;
  const message: MessageOf<'keys'> = {
    kind: 'keys',
    v: 1,
    suite: SUITES[0],
    device: EVERY_BOX,
    id: newId('ord'),
    issuedAtMs: nowMs,
    epoch: 1,
    rev,
    body: {
      siteId,
      siteName,
      orderKeys: [{ ...order, notBeforeMs: nowMs - VALID_BEFORE_DAYS * DAY_MS, notAfterMs, revoked: false }],
      releaseKeys: [],
      hardVolumeCapDb: 0,
      clockAtLeastMs: null,
    },
  };
  return { epoch: 1, rev, jws: await root.sign(message), notAfterMs };
}
