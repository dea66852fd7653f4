import type { HolidayTable } from '../calendar/holiday.ts';
import { rootsByCluster } from '../calendar/roots.ts';
import { type Conflict, type MayBegin, type Stretch, timelineOf } from '../horn/timeline.ts';
import { type CheckPolicy, policyChecker } from '../policy/policy-check.ts';
import type { Policy } from '../policy.ts';
import type { Series } from '../series/series.ts';
import { admit } from './admit.ts';
import type { Horizon } from './horizon.ts';
import type { KnownOccurrence, Occurrence } from './occurrence.ts';
import { place } from './place.ts';
import { bySkippedStart, type Skip } from './skip.ts';

export interface CompileInput {
  readonly series: readonly Series[];
  /** The policy in force at each cluster, by cluster id; a cluster without one plays nothing. */
  readonly policies: ReadonlyMap<string, Policy>;
  readonly nowMs: number;
  readonly horizon: Horizon;
  /** Every occurrence compiled before that starts, or originally started, on a local date that the horizon touches, also one withdrawn since: identity rests on it (P4). */
  readonly known: readonly KnownOccurrence[];
  /** By id; absent: none. */
  readonly holidayTables?: ReadonlyMap<string, HolidayTable>;
}

/** What one cluster will sound, and why not the rest. */
export interface ClusterPlan {
  readonly clusterId: string;
  /** By start. */
  readonly occurrences: readonly Occurrence[];
  /** Who is expected to have the horn when. */
  readonly stretches: readonly Stretch[];
  readonly conflicts: readonly Conflict[];
  /** By start. */
  readonly skips: readonly Skip[];
}

/** Yields the plan of each cluster, by cluster id: one at a time, so that many communes need the memory of one. */
export function* clusterPlans(input: CompileInput): Generator<ClusterPlan> {
  const { known, nowMs, horizon } = input;
  const series = input.series.toSorted((a, b) => (a.id < b.id ? -1 : 1)); // so that every run agrees
  const seriesById = new Map(series.map((one) => [one.id, one]));
  const data = { seriesById, holidayTables: input.holidayTables ?? new Map() };
  const checkOf = policyCheckers(input.policies);
  const isSeen = ({ startsAtMs }: { readonly startsAtMs: number }) =>
    startsAtMs >= horizon.fromMs && startsAtMs < horizon.untilMs;
  for (const [clusterId, roots] of rootsByCluster(series, known, horizon, data)) {
    const check = checkOf(clusterId);
    const placed = roots.map((root) => place(root, seriesById, nowMs));
    const admitted = admit(
      placed.flatMap((part) => part.sounds),
      check,
      nowMs,
    );
    const sounds = admitted.sounds.filter(({ occurrence }) => isSeen(occurrence));
    const skips = [...placed.flatMap((part) => part.skips), ...admitted.skips].filter(isSeen);
    yield {
      clusterId,
      occurrences: sounds.map(({ occurrence }) => occurrence),
      ...timelineOf(sounds, mayBegin(check)),
      skips: skips.sort(bySkippedStart),
    };
  }
}

/** A sound that waited for the horn must still keep the hours; what it uses up was counted when it was planned. */
function mayBegin(check: CheckPolicy | undefined): MayBegin {
  return ({ rules }, startsAtMs, plannedMs) => {
    const verdict = check?.({ class: rules.class, startsAtMs, plannedMs });
    return verdict?.allowed === false ? verdict.reason : undefined;
  };
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
