import { localMomentOf } from './civil-time.ts';
import { datesTouched, expand, type Horizon } from './expand.ts';
import type { Candidate } from './identity.ts';
import type { Occurrence } from './occurrence.ts';
import type { RootOnCluster } from './place.ts';
import type { Series } from './series.ts';

/** By local date. */
export type ByDate<Item> = ReadonlyMap<string, readonly Item[]>;

/** Returns what each root series wants of each cluster, by cluster id. A rule is expanded once, however many clusters share it. */
export function rootsByCluster(
  series: readonly Series[],
  known: readonly Occurrence[],
  horizon: Horizon,
): readonly (readonly [string, readonly RootOnCluster[]])[] {
  const clusters = new Map<string, RootOnCluster[]>();
  const knownByRoot = Map.groupBy(known, ({ rootSeriesId }) => rootSeriesId);
  for (const [rootId, [first, ...others]] of Map.groupBy(series, (one) => one.rootId)) {
    if (!first) continue;
    const members = [first, ...others] as const;
    const before = knownByCluster(knownByRoot.get(rootId) ?? [], first.timeZone);
    const wanted = candidatesByCluster(members, horizon);
    for (const clusterId of new Set([...wanted.keys(), ...before.keys()])) {
      const root = {
        clusterId,
        members,
        wanted: wanted.get(clusterId) ?? NOTHING,
        known: before.get(clusterId) ?? NOTHING,
      };
      clusters.set(clusterId, [...(clusters.get(clusterId) ?? []), root]);
    }
  }
  return [...clusters].sort(([a], [b]) => (a < b ? -1 : 1));
}

const NOTHING: ByDate<never> = new Map();

/** Clusters at which the same members aim share one list. */
function candidatesByCluster(
  members: readonly Series[],
  horizon: Horizon,
): ReadonlyMap<string, ByDate<Candidate>> {
  const expanded = members.map((series) => ({
    targets: new Set(series.clusterIds),
    candidates: expand(series, datesTouched(horizon, series.timeZone)).map((slot) => ({ series, slot })),
  }));
  const shared = new Map<string, ByDate<Candidate>>();
  const clusters = new Map<string, ByDate<Candidate>>();
  for (const clusterId of new Set(members.flatMap((series) => series.clusterIds))) {
    const aiming = expanded.filter(({ targets }) => targets.has(clusterId));
    const key = expanded.map(({ targets }) => targets.has(clusterId)).join();
    const byDate =
      shared.get(key) ??
      Map.groupBy(
        aiming.flatMap(({ candidates }) => candidates),
        ({ slot }) => slot.date,
      );
    shared.set(key, byDate);
    clusters.set(clusterId, byDate);
  }
  return clusters;
}

/** The date of an occurrence is that of its original start, which no edit moves. */
function knownByCluster(
  known: readonly Occurrence[],
  timeZone: string,
): ReadonlyMap<string, ByDate<Occurrence>> {
  const dates = new Map<number, string>();
  const dateOf = ({ originalStartMs }: Occurrence) => {
    const date = dates.get(originalStartMs) ?? localMomentOf(originalStartMs, timeZone).date;
    dates.set(originalStartMs, date);
    return date;
  };
  const byCluster = Map.groupBy(known, ({ clusterId }) => clusterId);
  return new Map([...byCluster].map(([clusterId, here]) => [clusterId, Map.groupBy(here, dateOf)]));
}
