import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { packPing } from '@loa/contract';
import type { Clock, Logger, Part } from '@loa/kernel';
import type { Db } from '../db/database.ts';
import type { BoxLink } from '../mqtt/box-link.ts';
import { createBoxStore } from '../orders/box.store.ts';
import type { Presence } from './presence.service.ts';
import { createPresenceStore } from './presence.store.ts';

/** Proves the path to each box that seems to be there: what it echoes came down the very way an order takes. */
export interface Pinger extends Part {
  /** Returns how long the ping with this nonce has been under way, or `null` when it is none of ours. */
  echoed(deviceId: string, nonce: Uint8Array): number | null;
}

const EVERY_MS = 60_000;
const NONCES_REMEMBERED = 5;
const AT_A_TIME = 50;

/** Creates the sender of pings; each round it also counts out boxes that fell silent. */
export function createPinger({
  db,
  link,
  presence,
  clock,
  log,
}: {
  readonly db: Db;
  readonly link: Pick<BoxLink, 'isOnline' | 'send'>;
  readonly presence: Pick<Presence, 'sweep'>;
  readonly clock: Clock;
  readonly log: Logger;
}): Pinger {
  const sent = new Map<string, { readonly nonce: Buffer; readonly atMs: number }[]>();
  let life: AbortController | undefined;
  let loop: Promise<void> | undefined;

  const pingAll = async () => {
    const online = new Set(await createPresenceStore(db).onlineIds());
    const boxes = (await createBoxStore(db).all()).filter(({ id }) => online.has(id));
    for (const [index, box] of boxes.entries()) {
      const nonce = randomBytes(8);
      const before = sent.get(box.id) ?? [];
      sent.set(box.id, [...before, { nonce, atMs: clock.monotonicMs() }].slice(-NONCES_REMEMBERED));
      link.send(box.id, 'order', packPing(Buffer.from(box.linkKey, 'base64url'), box.id, nonce));
      if (index % AT_A_TIME === AT_A_TIME - 1) await nextTurn();
    }
    for (const id of sent.keys()) if (!online.has(id)) sent.delete(id);
  };

  const run = async (signal: AbortSignal) => {
    for (;;) {
      await clock.sleep(EVERY_MS, { signal });
      if (!link.isOnline()) continue; // whom we cannot hear is not silent
      try {
        await presence.sweep();
        await pingAll();
      } catch (error) {
        log.error({ err: error }, 'boxes could not be pinged');
      }
    }
  };

  return {
    name: 'pinger',
    start() {
      if (life) return;
      life = new AbortController();
      loop = run(life.signal).catch(() => {}); // only the abort ends it
    },
    async stop() {
      life?.abort();
      life = undefined;
      await loop;
    },
    echoed(deviceId, nonce) {
      const ping = sent.get(deviceId)?.find((candidate) => candidate.nonce.equals(nonce));
      return ping ? Math.round(clock.monotonicMs() - ping.atMs) : null;
    },
  };
}
