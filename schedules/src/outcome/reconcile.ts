import { EVIDENCE, type Evidence, RESULTS, type Reason, type Result } from '../outcome.ts';

/** What the newest plan says of an occurrence. */
export interface PlannedState {
  readonly startsAtMs: number;
  /** No longer in the newest plan. */
  readonly isWithdrawn: boolean;
  /** A box may still hold an older plan that has it. */
  readonly isStillHeld: boolean;
}

/** One `outcome` event of a box's journal, and where it stood. Other events do not end an occurrence. */
export interface OutcomeEvent {
  readonly journalId: string;
  readonly seq: number;
  /** The start that the box's own plan gave. */
  readonly plannedAtMs: number;
  readonly result: Result;
  readonly reason: Reason;
  readonly evidence: Evidence;
}

/** The one way in which an occurrence ended (P3). */
export interface Outcome {
  readonly result: Result;
  readonly reason: Reason;
  readonly evidence: Evidence;
  /** The journal event it rests on; `null` when no box had to report. */
  readonly source: { readonly journalId: string; readonly seq: number } | null;
}

/**
 * Returns how an occurrence ended, or `unreported` while its journal is missing. The order and the repetition of events do not matter.
 * Of several reports the one that heard most counts. What was played from an older plan, withdrawn or moved since, is `played, withdrawn`.
 */
export function reconcile(planned: PlannedState, events: readonly OutcomeEvent[]): Outcome | 'unreported' {
  const [best] = events.toSorted(
    (a, b) =>
      RESULTS.indexOf(a.result) - RESULTS.indexOf(b.result) ||
      EVIDENCE.indexOf(b.evidence) - EVIDENCE.indexOf(a.evidence) ||
      (a.journalId === b.journalId ? a.seq - b.seq : a.journalId < b.journalId ? -1 : 1),
  );
  if (!best) return planned.isWithdrawn && !planned.isStillHeld ? NEVER_AIRED : 'unreported';
  const { result, reason, evidence, journalId, seq } = best;
  const isFromOlderPlan = planned.isWithdrawn || best.plannedAtMs !== planned.startsAtMs;
  return {
    result,
    reason: result === 'played' && isFromOlderPlan ? 'withdrawn' : reason,
    evidence,
    source: { journalId, seq },
  };
}

const NEVER_AIRED: Outcome = { result: 'skipped', reason: 'withdrawn', evidence: 'none', source: null };

/** What the ledger appends when an outcome is known: it closes once, and everything after is a correction (P3). */
export type LedgerStep =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'close'; readonly outcome: Outcome }
  | { readonly kind: 'correct'; readonly outcome: Outcome };

/** Returns what to append to a ledger that holds `recorded`, newest state, for one occurrence. */
export function ledgerStep(recorded: Outcome | undefined, now: Outcome | 'unreported'): LedgerStep {
  if (now === 'unreported') return { kind: 'nothing' };
  if (!recorded) return { kind: 'close', outcome: now };
  const isSame =
    recorded.result === now.result && recorded.reason === now.reason && recorded.evidence === now.evidence;
  return isSame ? { kind: 'nothing' } : { kind: 'correct', outcome: now };
}
