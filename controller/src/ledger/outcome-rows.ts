import type { JournalEventOf } from '@loa/contract';
import type { Logger } from '@loa/kernel';
import {
  EVIDENCE,
  ledgerStep,
  type Outcome,
  type OutcomeEvent,
  REASONS,
  RESULTS,
  reconcile,
} from '@loa/schedules';
import type { Db } from '../db/database.ts';
import type { LiveEventBody } from '../live-events/live-events.service.ts';
import type { Box } from '../orders/box.store.ts';
import { createLedgerStore, type LedgerRow } from './ledger.store.ts';

/** An outcome as it stood in a box's journal. */
export interface ReportedOutcome {
  readonly box: Box;
  readonly journalId: string;
  readonly event: JournalEventOf<'outcome'>;
}

/**
 * Appends to the ledger what a reported outcome changes: it closes the occurrence, corrects it, or says nothing new (P3).
 * The order in which reports arrive does not matter. Returns what to publish after the commit.
 */
export async function recordOutcome(
  tx: Db,
  { box, journalId, event }: ReportedOutcome,
  { nowMs, log }: { readonly nowMs: number; readonly log: Logger },
): Promise<readonly LiveEventBody[]> {
  const store = createLedgerStore(tx);
  const { occurrenceId } = event;
  const planned = await store.occurrence(occurrenceId);
  if (planned ? planned.cluster_id !== box.clusterId : !occurrenceId.startsWith(`${box.clusterId}~`)) {
    log.error({ deviceId: box.id, occurrenceId }, 'a box reports what another cluster should have played');
    return [];
  }
  const history = await store.ofOccurrences([occurrenceId]);
  const newest = history.at(-1);
  const now = reconcile(
    {
      // What no plan of ours knows (an act, a plan from before a restore) is taken at the box's word.
      startsAtMs: planned?.starts_at_ms ?? event.plannedAtMs,
      isWithdrawn: planned?.state === 'withdrawn',
      isStillHeld: true,
    },
    [...history.map(asEvent), { ...event, journalId }],
  );
  const step = ledgerStep(newest && asOutcome(newest), now);
  if (step.kind === 'nothing') return [];
  const { result, reason, evidence, source } = step.outcome;
  if (source?.journalId !== journalId || source.seq !== event.seq) return []; // an earlier report still counts
  const { airing } = event;
  await store.append({
    occurrence_id: occurrenceId,
    cluster_id: box.clusterId,
    device_id: box.id,
    result,
    reason,
    evidence,
    planned_at_ms: event.plannedAtMs,
    started_at_ms: airing?.startedAtMs ?? null,
    ended_at_ms: airing?.endedAtMs ?? null,
    start_error_ms: airing?.startErrorMs ?? null,
    heard_ms: airing?.heardMs ?? 0,
    airing: airing && JSON.stringify(airing),
    origin: JSON.stringify(event.origin),
    detail: event.detail,
    journal_id: journalId,
    seq: event.seq,
    recorded_ms: nowMs,
  });
  return [{ kind: 'outcome', clusterId: box.clusterId, occurrenceId, result }];
}

const wordOf = <T extends string>(words: readonly T[], text: string): T => {
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) throw new RangeError(`the ledger holds an unknown word: ${text}`);
  return word;
};

/** Returns a ledger row as an outcome. */
export function asOutcome(row: LedgerRow): Outcome {
  return {
    result: wordOf(RESULTS, row.result),
    reason: wordOf(REASONS, row.reason),
    evidence: wordOf(EVIDENCE, row.evidence),
    source: { journalId: row.journal_id, seq: row.seq },
  };
}

const asEvent = (row: LedgerRow): OutcomeEvent => ({
  ...asOutcome(row),
  journalId: row.journal_id,
  seq: row.seq,
  plannedAtMs: row.planned_at_ms,
});
