import type { Horizon } from '../plan/horizon.ts';
import type { KnownOccurrence } from '../plan/occurrence.ts';
import type { DateSpan, Series } from '../series/series.ts';
import { localMomentOf } from './civil-time.ts';
import { expand } from './expand.ts';
import type { CalendarData, Slot } from './slot.ts';

/** By local date. */
type ByDate<Item> = ReadonlyMap<string, readonly Item[]>;

/** What one root series wants of one cluster, and what was compiled of it before. */
export interface RootOnCluster {
  readonly clusterId: string;
  /** The last of its series, by whose rules plays what began under one that is gone. */
  readonly newest: Series;
  readonly wanted: ByDate<Slot>;
  readonly known: ByDate<KnownOccurrence>;
}

/** Returns what each root series wants of each cluster, by cluster id. A rule is expanded once, however many clusters share it. */
export function rootsByCluster(
  series: readonly Series[],
  known: readonly KnownOccurrence[],
  horizon: Horizon,
  data: CalendarData,
): readonly (readonly [string, readonly RootOnCluster[]])[] {
  const clusters = new Map<string, RootOnCluster[]>();
  const knownByRoot = Map.groupBy(known, ({ rootSeriesId }) => rootSeriesId);
  for (const [rootId, newest] of new Map(series.map((one) => [one.rootId, one]))) {
    const before = knownByCluster(knownByRoot.get(rootId) ?? [], newest.timeZone);
    const members = series.filter((one) => one.rootId === rootId);
    const wanted = slotsByCluster(members, horizon, data);
    for (const clusterId of new Set([...wanted.keys(), ...before.keys()])) {
      const roots = clusters.get(clusterId) ?? [];
      roots.push({
        clusterId,
        newest,
        wanted: wanted.get(clusterId) ?? NOTHING,
        known: before.get(clusterId) ?? NOTHING,
      });
      clusters.set(clusterId, roots);
    }
  }
  return [...clusters].sort(([a], [b]) => (a < b ? -1 : 1));
}

const NOTHING: ByDate<never> = new Map();

/** Clusters at which the same members aim share one list. */
function slotsByCluster(
  members: readonly Series[],
  horizon: Horizon,
  data: CalendarData,
): ReadonlyMap<string, ByDate<Slot>> {
  const expanded = members.map((series) => ({
    targets: new Set(series.clusterIds),
    slots: expand(series, datesTouched(horizon, series.timeZone), data),
  }));
  const shared = new Map<string, ByDate<Slot>>();
  const clusters = new Map<string, ByDate<Slot>>();
  for (const clusterId of new Set(members.flatMap((series) => series.clusterIds))) {
    const aiming = expanded.filter(({ targets }) => targets.has(clusterId));
    const key = expanded.map(({ targets }) => targets.has(clusterId)).join();
    const byDate =
      shared.get(key) ??
      Map.groupBy(
        aiming.flatMap(({ slots }) => slots),
        ({ date }) => date,
      );
    shared.set(key, byDate);
    clusters.set(clusterId, byDate);
  }
  return clusters;
}

/** The date of an occurrence is that of its original start, which no edit moves. */
function knownByCluster(
  known: readonly KnownOccurrence[],
  timeZone: string,
): ReadonlyMap<string, ByDate<KnownOccurrence>> {
  const dates = new Map<number, string>();
  const dateOf = ({ originalStartMs }: KnownOccurrence) => {
    const date = dates.get(originalStartMs) ?? localMomentOf(originalStartMs, timeZone).date;
    dates.set(originalStartMs, date);
    return date;
  };
  const byCluster = Map.groupBy(known, ({ clusterId }) => clusterId);
  return new Map([...byCluster].map(([clusterId, here]) => [clusterId, Map.groupBy(here, dateOf)]));
}

/** The local dates that a horizon touches, in whole: identity counts by date. */
function datesTouched({ fromMs, untilMs }: Horizon, timeZone: string): DateSpan {
  return {
    firstDate: localMomentOf(fromMs, timeZone).date,
    lastDate: localMomentOf(untilMs, timeZone).date,
  };
}
