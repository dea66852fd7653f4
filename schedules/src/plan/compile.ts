import type { Conflict } from '../horn/timeline.ts';
import { type CompileInput, clusterPlans } from './cluster-plan.ts';
import type { KnownOccurrence, Occurrence } from './occurrence.ts';
import type { Skip } from './skip.ts';

export interface Compiled {
  /** By cluster id, then by start. */
  readonly occurrences: readonly Occurrence[];
  readonly conflicts: readonly Conflict[];
  /** By cluster id, then by start. */
  readonly skips: readonly Skip[];
  /** Ids of known occurrences that have not ended and are no longer planned, without those withdrawn before. */
  readonly withdrawn: readonly string[];
}

/** Turns rules into concrete starts per cluster, and says why each other start is not one. The same input gives the same output. */
export function compile(input: CompileInput): Compiled {
  const occurrences: Occurrence[] = [];
  const conflicts: Conflict[] = [];
  const skips: Skip[] = [];
  for (const plan of clusterPlans(input)) {
    for (const occurrence of plan.occurrences) occurrences.push(occurrence);
    for (const conflict of plan.conflicts) conflicts.push(conflict);
    for (const skip of plan.skips) skips.push(skip);
  }
  return { occurrences, conflicts, skips, withdrawn: withdrawnFrom(input.known, occurrences, input.nowMs) };
}

function withdrawnFrom(
  known: readonly KnownOccurrence[],
  occurrences: readonly Occurrence[],
  nowMs: number,
): readonly string[] {
  const planned = new Set(occurrences.map(({ id }) => id));
  return known
    .filter(
      ({ id, startsAtMs, plannedMs, isWithdrawn }) =>
        !isWithdrawn && startsAtMs + plannedMs > nowMs && !planned.has(id),
    )
    .map(({ id }) => id);
}
