import {
  digestOfStates,
  type HealthSample,
  type JournalEventOf,
  type MessageOf,
  STATE_KINDS,
  SUITES,
} from '@loa/contract';
import type { Clock, RandomId } from '@loa/kernel';
import type { Db } from '../db/database.ts';
import { createJournalStore } from '../ledger/journal.store.ts';
import type { LiveEventBody } from '../live-events/live-events.service.ts';
import type { BoxLink } from '../mqtt/box-link.ts';
import { createActStore } from './act.store.ts';
import type { Box } from './box.store.ts';
import { restoredSetting } from './restored.ts';
import type { SiteKeys } from './site-keys.service.ts';
import { createStateStore, revisionsOf } from './state.store.ts';

/** A box's word on one order, from a receipt or from its journal. */
export type Verdict = JournalEventOf<'receipt'>['receipt'];

/** Learns from boxes what became of orders. */
export interface Answers {
  /** Stores the word of a box; the same word twice changes nothing. Returns what to publish after the commit. */
  verdict(tx: Db, box: Box, verdict: Verdict): Promise<readonly LiveEventBody[]>;
  /** Compares a health sample with the books and has sent again what does not fit. */
  health(box: Box, sample: HealthSample): Promise<void>;
  /** Tells a box what is committed of its journal. */
  acknowledge(box: Box, position: { readonly journalId: string; readonly seq: number }): Promise<void>;
}

/** A sample may have left the box before the order arrived: only a lasting difference is a difference. */
const REPAIR_EVERY_MS = 5 * 60_000;
const ACK_AGAIN_EVERY_MS = 60_000;

/** Creates the learning from answers. `onDue` is called when something must be sent again. */
export function createAnswers({
  db,
  keys,
  link,
  clock,
  newId,
  onDue,
}: {
  readonly db: Db;
  readonly keys: SiteKeys;
  readonly link: Pick<BoxLink, 'send'>;
  readonly clock: Clock;
  readonly newId: RandomId;
  readonly onDue: () => void;
}): Answers {
  const repairedMs = new Map<string, number>();
  const ackedMs = new Map<string, number>();
  const nowMs = () => clock.now().epochMilliseconds;
  /** Tells whether this was not done for the box within the span, and remembers that it is done now. */
  const isTimeFor = (done: Map<string, number>, box: Box, everyMs: number) => {
    const last = done.get(box.id);
    const isTime = last === undefined || clock.monotonicMs() - last >= everyMs;
    if (isTime) done.set(box.id, clock.monotonicMs());
    return isTime;
  };

  const actVerdict = async (tx: Db, box: Box, orderId: string, { verdict, code }: Verdict) => {
    // Refused as a repetition: then it lies in the box's inbox already.
    const isTaken = verdict === 'accepted' || code === 'order/replayed';
    const isFirst = await createActStore(tx).answer(
      { id: orderId, deviceId: box.id },
      isTaken ? 'accepted' : 'refused',
      isTaken ? null : code,
      nowMs(),
    );
    return isFirst && !isTaken ? alarm(box, code) : [];
  };

  const stateVerdict = async (tx: Db, box: Box, { kind: named, revision, verdict, code }: Verdict) => {
    const kind = STATE_KINDS.find((known) => known === named);
    if (!kind || !revision) return [];
    const store = createStateStore(tx);
    const row = await store.find(box.id, kind);
    if (row?.epoch !== revision.epoch || row.rev !== revision.rev) return []; // of an older revision
    const isHeld = row.held_epoch === row.epoch && row.held_rev === row.rev;
    if (verdict === 'accepted') {
      await store.setHeld(box.id, kind, revision, null);
      await store.setRefused(box.id, kind, null);
      return kind === 'plan' && !isHeld ? planHeld(box, row.rev) : [];
    }
    if (isHeld || row.refused_code === code) return [];
    await store.setRefused(box.id, kind, code);
    return alarm(box, code);
  };

  const acknowledge: Answers['acknowledge'] = async (box, { journalId, seq }) => {
    const message: MessageOf<'ack'> = {
      kind: 'ack',
      v: 1,
      suite: SUITES[0],
      device: box.id,
      id: newId('ans'),
      issuedAtMs: nowMs(),
      body: { journalId, seq },
    };
    link.send(box.id, 'ack', await keys.orderSigner.sign(message));
  };

  /** Every state that the sample proves is held; every other one is due again. */
  const compareStates = async (box: Box, sample: HealthSample) => {
    const store = createStateStore(db);
    const rows = await store.ofDevice(box.id);
    const isHeld = (row: (typeof rows)[number]) => row.held_epoch === row.epoch && row.held_rev === row.rev;
    const isPlanRight = (row: (typeof rows)[number]) =>
      row.epoch === sample.planEpoch && row.rev === sample.planRev;
    if (digestOfStates(revisionsOf(rows)) === sample.statesDigest) {
      for (const row of rows.filter((candidate) => !isHeld(candidate)))
        await store.setHeld(box.id, row.kind, row, null);
      return;
    }
    for (const row of rows.filter((candidate) => candidate.kind === 'plan' && !isHeld(candidate)))
      if (isPlanRight(row)) await store.setHeld(box.id, row.kind, row, null);
    if (rows.some((row) => !isHeld(row)) || rows.length === 0) return; // on its way, refused or under review
    if (!isTimeFor(repairedMs, box, REPAIR_EVERY_MS) || (await restoredSetting.read(db))) return;
    for (const row of rows) await store.setHeld(box.id, row.kind, undefined, nowMs());
    onDue();
  };

  return {
    async verdict(tx, box, verdict) {
      const { orderId, revision } = verdict;
      if (revision) return stateVerdict(tx, box, verdict);
      return orderId === null ? [] : actVerdict(tx, box, orderId, verdict);
    },
    async health(box, sample) {
      await compareStates(box, sample);
      const position = await createJournalStore(db).latestPosition(box.id);
      if (position && sample.journalHead > position.acked_to && isTimeFor(ackedMs, box, ACK_AGAIN_EVERY_MS))
        await acknowledge(box, { journalId: position.journal_id, seq: position.acked_to });
    },
    acknowledge,
  };
}

const alarm = (box: Box, code: string | null): readonly LiveEventBody[] => [
  { kind: 'alarm', clusterId: box.clusterId, code: code ?? 'order/refused' },
];
const planHeld = (box: Box, rev: number): readonly LiveEventBody[] => [
  { kind: 'plan', clusterId: box.clusterId, rev, held: true },
];
