import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openMessage } from '@loa/contract';
import { countingId, fakeClock, memoryLogger } from '@loa/kernel/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../db/database.ts';
import { aFolder, BOX } from '../mqtt/wire-fixture.ts';
import { loadSiteKeys } from './site-keys.service.ts';

async function aSite() {
  const dataDir = await aFolder();
  const clock = fakeClock();
  const log = memoryLogger();
  const open = async () => {
    const database = await openDatabase(':memory:');
    onTestFinished(() => database.close());
    return database.db;
  };
  const db = await open();
  const load = (from = db) =>
    loadSiteKeys({ db: from, dataDir, siteName: 'Xã Vĩnh Quang', clock, newId: countingId(), log });
  const file = (name: string) => join(dataDir, 'keys', name);
  const bodyOf = async (keys: Awaited<ReturnType<typeof load>>) => {
    const opened = await openMessage(await keys.keysJws(), { device: BOX, root: keys.root, keys: undefined });
    if (!opened.ok || opened.message.kind !== 'keys') throw new Error('the keys do not open');
    return opened.message;
  };
  return { db, open, load, file, bodyOf, clock, log, dataDir };
}

const DAY_MS = 86_400_000;

describe('the keys of a site', () => {
  it('are made on the first run, in files that only this account may read, and somebody is told to lock the root away', async () => {
    const { load, file, log, bodyOf } = await aSite();
    const keys = await load();
    for (const name of ['root-offline.json', 'order.json', 'site.json'])
      expect((await stat(file(name))).mode & 0o777).toBe(0o600);
    expect(log.lines.map(({ level, message }) => [level, message])).toEqual([
      [
        'warn',
        'the root key of this site was made; move it to a medium that is kept offline and locked away',
      ],
    ]);
    const { body } = await bodyOf(keys);
    expect(body.orderKeys).toMatchObject([{ ...keys.orderSigner.publicKey, revoked: false }]);
    expect(keys.epoch).toBe(1);
  });

  it('are the same on the next run, also without the root, which was carried away', async () => {
    const { load, file } = await aSite();
    const first = await load();
    await rm(file('root-offline.json'));
    const second = await load();
    expect(second.root).toEqual(first.root);
    expect(second.orderSigner.publicKey).toEqual(first.orderSigner.publicKey);
    expect(await second.keysJws()).toBe(await first.keysJws());
  });

  it('that belong to another database are refused', async () => {
    const one = await aSite();
    const other = await aSite();
    await one.load();
    await other.load();
    await expect(one.load(other.db)).rejects.toMatchObject({ code: 'controller/keys' });
  });

  it('that are gone while the database remembers them are not made anew', async () => {
    const { load, dataDir } = await aSite();
    await load();
    await rm(join(dataDir, 'keys'), { recursive: true });
    await expect(load()).rejects.toMatchObject({ code: 'controller/keys' });
  });

  it.each(['order.json', 'site.json'])('are refused when %s is damaged', async (name) => {
    const { load, file } = await aSite();
    await load();
    await writeFile(file(name), (await readFile(file(name), 'utf8')).slice(0, 40));
    await expect(load()).rejects.toMatchObject({
      code: 'controller/keys',
      message: expect.stringContaining(name),
    });
  });

  it('are prolonged in time while the root is at hand', async () => {
    const { load, clock, bodyOf } = await aSite();
    const first = await bodyOf(await load());
    await clock.advance(320 * DAY_MS);
    const keys = await load();
    const renewed = await bodyOf(keys);
    expect(renewed.rev).toBe(first.rev + 1);
    expect(keys.keysRevision).toEqual({ epoch: 1, rev: 2 });
    expect(renewed.body.orderKeys[0]?.notAfterMs).toBeGreaterThan(
      clock.now().epochMilliseconds + 390 * DAY_MS,
    );
  });

  it('that run out without the root at hand are reported', async () => {
    const { load, file, clock, log } = await aSite();
    await load();
    await rm(file('root-offline.json'));
    await clock.advance(320 * DAY_MS);
    await load();
    expect(log.lines.at(-1)).toMatchObject({ level: 'error', fields: { daysLeft: 79 } });
  });

  it('keep an epoch that was raised', async () => {
    const { load, db } = await aSite();
    const keys = await load();
    await keys.raiseEpoch(db, 7);
    expect(keys.epoch).toBe(8);
    expect((await load()).epoch).toBe(8);
  });
});
