import { parseDeviceId, type StateKind } from '@loa/contract';
import type { Clock, Logger, Part } from '@loa/kernel';
import type { Db } from '../db/database.ts';
import { backOffMs, type Random } from '../mqtt/back-off.ts';
import type { BoxLink } from '../mqtt/box-link.ts';
import { type ActRow, createActStore } from './act.store.ts';
import { restoredSetting } from './restored.ts';
import { createStateStore, type StateRow } from './state.store.ts';

/** Brings signed orders to boxes, again and again, until they are answered (P5). */
export interface Delivery extends Part {
  /** Looks at once for what is due. */
  nudge(): void;
}

/** Messages handed to the broker at a time; between two such batches everybody else gets a turn. */
const BATCH = 32;
const LONGEST_REST_MS = 5_000;
// A plan takes 2 s on a line of 64 kbit/s: sending it again sooner would only fill the line.
const STATE_BACK_OFF = { firstMs: 15_000, maxMs: 15 * 60_000 };
const ACT_BACK_OFF = { firstMs: 2_000, maxMs: 15_000 };
/** What must be known first goes first. */
const URGENCY: Record<StateKind, number> = { keys: 0, hold: 1, policy: 2, config: 3, plan: 4, update: 5 };
const urgencyOf = ({ kind }: StateRow) => URGENCY[kind as StateKind] ?? 9;

/** Creates the delivery. While a restore waits for a person's review, boxes keep the states they hold. */
export function createDelivery({
  db,
  link,
  clock,
  log,
  random,
}: {
  readonly db: Db;
  readonly link: Pick<BoxLink, 'isOnline' | 'publish'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: Random;
}): Delivery {
  const states = createStateStore(db);
  const acts = createActStore(db);
  let life: AbortController | undefined;
  let loop: Promise<void> | undefined;
  let wake = Promise.withResolvers<void>();

  const publish = async (row: ActRow | StateRow) => {
    try {
      await link.publish(parseDeviceId(row.device_id), 'order', row.jws);
    } catch (error) {
      log.debug(
        { err: error, deviceId: row.device_id, kind: row.kind },
        'an order was not sent and stays due',
      );
    }
  };
  const sendAct = async (row: ActRow, nowMs: number) => {
    await acts.sent(row, nowMs + backOffMs(row.attempts, { ...ACT_BACK_OFF, random }));
    await publish(row);
  };
  const sendState = async (row: StateRow, nowMs: number) => {
    await states.sent(row, nowMs + backOffMs(row.attempts, { ...STATE_BACK_OFF, random }));
    await publish(row);
  };

  /** Sends one batch. Returns when to look again. Acts first: they are the ones that cannot wait (P9). */
  const pass = async (): Promise<number> => {
    const nowMs = clock.now().epochMilliseconds;
    const dueActs = await acts.due(nowMs, BATCH);
    await Promise.all(dueActs.map((row) => sendAct(row, nowMs)));
    if (dueActs.length === BATCH) return nowMs;
    const nextActMs = (await acts.nextDueMs(nowMs)) ?? Number.POSITIVE_INFINITY;
    const review = await restoredSetting.read(db);
    if (review) {
      // Silence does not wait for a review, unless the box has holds that we would undo without knowing them (P9).
      const unclear = review.seen.filter(({ kind }) => kind === 'hold').map(({ deviceId }) => deviceId);
      const holds = await states.dueHolds(nowMs, BATCH, unclear);
      await Promise.all(holds.map((row) => sendState(row, nowMs)));
      return Math.min(nextActMs, nowMs + LONGEST_REST_MS);
    }
    const dueStates = (await states.due(nowMs, BATCH)).toSorted((a, b) => urgencyOf(a) - urgencyOf(b));
    await Promise.all(dueStates.map((row) => sendState(row, nowMs)));
    if (dueStates.length === BATCH) return nowMs;
    return Math.min(nextActMs, (await states.nextDueMs()) ?? Number.POSITIVE_INFINITY);
  };

  const run = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      wake = Promise.withResolvers<void>();
      let waitMs = LONGEST_REST_MS;
      try {
        if (link.isOnline()) {
          const leftMs = (await pass()) - clock.now().epochMilliseconds;
          waitMs = Math.min(LONGEST_REST_MS, Math.max(0, leftMs));
        }
      } catch (error) {
        log.error({ err: error }, 'orders could not be read or marked as sent; trying again');
      }
      const rest = new AbortController();
      const slept = clock.sleep(waitMs, { signal: AbortSignal.any([signal, rest.signal]) }).catch(() => {});
      await Promise.race([wake.promise, slept]);
      rest.abort();
    }
  };

  return {
    name: 'order delivery',
    nudge: () => wake.resolve(),
    start() {
      if (life) return;
      life = new AbortController();
      loop = run(life.signal);
    },
    async stop() {
      life?.abort();
      life = undefined;
      wake.resolve();
      await loop;
    },
  };
}
