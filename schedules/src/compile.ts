import { admit } from './admit.ts';
import { rootsByCluster } from './candidates.ts';
import { type Conflict, findConflicts } from './conflict.ts';
import type { Horizon } from './expand.ts';
import type { Occurrence } from './occurrence.ts';
import { place } from './place.ts';
import type { Policy } from './policy.ts';
import { type CheckPolicy, policyChecker } from './policy-check.ts';
import type { Series } from './series.ts';
import type { Skip } from './skip.ts';

export interface CompileInput {
  readonly series: readonly Series[];
  /** The policy in force at each cluster, by cluster id; a cluster without one plays nothing. */
  readonly policies: ReadonlyMap<string, Policy>;
  readonly nowMs: number;
  readonly horizon: Horizon;
  /** Every occurrence compiled before on a local date that the horizon touches, also one withdrawn since: identity rests on it (P4). */
  readonly known: readonly Occurrence[];
}

export interface Compiled {
  /** By cluster id, then by start. */
  readonly occurrences: readonly Occurrence[];
  readonly conflicts: readonly Conflict[];
  readonly skips: readonly Skip[];
  /** Ids of known occurrences that have not ended and are no longer planned. */
  readonly withdrawn: readonly string[];
}

/** Turns rules into concrete starts per cluster, and says why each other start is not one. The same input gives the same output. */
export function compile({ series, policies, nowMs, horizon, known }: CompileInput): Compiled {
  const checkOf = policyCheckers(policies);
  const isSeen = ({ startsAtMs }: { readonly startsAtMs: number }) =>
    startsAtMs >= horizon.fromMs && startsAtMs < horizon.untilMs;
  const occurrences: Occurrence[] = [];
  const conflicts: Conflict[] = [];
  const skips: Skip[] = [];
  for (const [clusterId, roots] of rootsByCluster(series, known, horizon)) {
    const placed = roots.map((root) => place(root, nowMs));
    const admitted = admit(
      placed.flatMap(({ sounds }) => sounds),
      checkOf(clusterId),
      nowMs,
    );
    const planned = admitted.sounds.filter(({ occurrence }) => isSeen(occurrence));
    for (const { occurrence } of planned) occurrences.push(occurrence);
    for (const conflict of findConflicts(planned)) conflicts.push(conflict);
    for (const skip of [...placed.flatMap((part) => part.skips), ...admitted.skips])
      if (isSeen(skip)) skips.push(skip);
  }
  const ids = new Set(occurrences.map(({ id }) => id));
  const withdrawn = known
    .filter(({ id, startsAtMs, plannedMs }) => startsAtMs + plannedMs > nowMs && !ids.has(id))
    .map(({ id }) => id);
  return { occurrences, conflicts, skips, withdrawn };
}

/** Returns the checker of each cluster's policy; clusters under one policy share what it remembers. */
function policyCheckers(
  policies: ReadonlyMap<string, Policy>,
): (clusterId: string) => CheckPolicy | undefined {
  const checkers = new Map([...new Set(policies.values())].map((policy) => [policy, policyChecker(policy)]));
  return (clusterId) => {
    const policy = policies.get(clusterId);
    return policy && checkers.get(policy);
  };
}
