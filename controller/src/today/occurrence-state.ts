import { REPORT_GRACE_MS } from '../ledger/ledger.service.ts';
import type { OccurrenceState } from './today.schema.ts';

/** Returns what an occurrence is doing at `nowMs`, from what the plan, the claim and the ledger say. */
export function occurrenceState(
  facts: {
    readonly startsAtMs: number;
    readonly plannedMs: number;
    readonly isWithdrawn: boolean;
    readonly hasOutcome: boolean;
    /** When the box said that it begins; `undefined` when it has not. */
    readonly claimedAtMs: number | undefined;
  },
  nowMs: number,
): OccurrenceState {
  if (facts.hasOutcome) return 'ended';
  const { claimedAtMs, startsAtMs, plannedMs } = facts;
  const isOwed = nowMs >= (claimedAtMs ?? startsAtMs) + plannedMs + REPORT_GRACE_MS;
  if (claimedAtMs !== undefined) return isOwed ? 'unreported' : 'playing'; // also when it was withdrawn meanwhile
  if (facts.isWithdrawn) return 'withdrawn';
  if (nowMs < startsAtMs) return 'planned';
  return isOwed ? 'unreported' : 'due';
}
