import type { HolidayTable } from '../calendar/holiday.ts';
import { rootsByCluster } from '../calendar/roots.ts';
import { type Conflict, type MayBegin, timelineOf } from '../horn/timeline.ts';
import { ROUTINE_RULES } from '../play-rules.ts';
import type { Policy } from '../policy/policy.ts';
import { type CheckPolicy, policyChecker } from '../policy/policy-check.ts';
import type { Series } from '../series/series.ts';
import { admit } from './admit.ts';
import type { Horizon } from './horizon.ts';
import type { Occurrence } from './occurrence.ts';
import { place } from './place.ts';
import { bySkippedStart, type Skip } from './skip.ts';
import type { Sound } from './sound.ts';

export interface CompileInput {
  readonly series: readonly Series[];
  /** The policy in force at each cluster, by cluster id; a cluster without one plays nothing. */
  readonly policies: ReadonlyMap<string, Policy>;
  readonly nowMs: number;
  readonly horizon: Horizon;
  /** Every occurrence compiled before on a local date that the horizon touches, also one withdrawn since: identity rests on it (P4). */
  readonly known: readonly Occurrence[];
  /** By id; absent: none. */
  readonly holidayTables?: ReadonlyMap<string, HolidayTable>;
}

export interface Compiled {
  /** By cluster id, then by start. */
  readonly occurrences: readonly Occurrence[];
  readonly conflicts: readonly Conflict[];
  /** By cluster id, then by start. */
  readonly skips: readonly Skip[];
  /** Ids of known occurrences that have not ended and are no longer planned. */
  readonly withdrawn: readonly string[];
}

/** Turns rules into concrete starts per cluster, and says why each other start is not one. The same input gives the same output. */
export function compile(input: CompileInput): Compiled {
  const { known, nowMs, horizon } = input;
  const series = input.series.toSorted((a, b) => (a.id < b.id ? -1 : 1)); // so that every run agrees
  const seriesById = new Map(series.map((one) => [one.id, one]));
  const rulesByRoot = new Map(series.map(({ rootId, rules }) => [rootId, rules]));
  const checkOf = policyCheckers(input.policies);
  const isSeen = ({ startsAtMs }: { readonly startsAtMs: number }) =>
    startsAtMs >= horizon.fromMs && startsAtMs < horizon.untilMs;
  /** What began under a series that an edit has replaced plays by its root's rules. */
  const soundOf = (occurrence: Occurrence): Sound => ({
    occurrence,
    rules:
      seriesById.get(occurrence.seriesId)?.rules ?? rulesByRoot.get(occurrence.rootSeriesId) ?? ROUTINE_RULES,
  });

  const occurrences: Occurrence[] = [];
  const conflicts: Conflict[] = [];
  const skips: Skip[] = [];
  const data = { seriesById, holidayTables: input.holidayTables ?? new Map() };
  for (const [clusterId, roots] of rootsByCluster(series, known, horizon, data)) {
    const placed = roots.map((root) => place(root, nowMs));
    const sounds = placed.flatMap((part) => part.occurrences.map(soundOf));
    const check = checkOf(clusterId);
    const admitted = admit(sounds, check, nowMs);
    const planned = admitted.sounds.filter(({ occurrence }) => isSeen(occurrence));
    for (const { occurrence } of planned) occurrences.push(occurrence);
    for (const conflict of timelineOf(planned, mayBegin(check)).conflicts) conflicts.push(conflict);
    const left = [...placed.flatMap((part) => part.skips), ...admitted.skips].filter(isSeen);
    for (const skip of left.sort(bySkippedStart)) skips.push(skip);
  }
  return { occurrences, conflicts, skips, withdrawn: withdrawnFrom(known, occurrences, nowMs) };
}

function withdrawnFrom(
  known: readonly Occurrence[],
  occurrences: readonly Occurrence[],
  nowMs: number,
): readonly string[] {
  const planned = new Set(occurrences.map(({ id }) => id));
  return known
    .filter(({ id, startsAtMs, plannedMs }) => startsAtMs + plannedMs > nowMs && !planned.has(id))
    .map(({ id }) => id);
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
