import type { Conflict } from '../horn/timeline.ts';
import type { CompileInput } from '../plan/cluster-plan.ts';
import { type Compiled, compile } from '../plan/compile.ts';
import type { Occurrence } from '../plan/occurrence.ts';
import type { Skip } from '../plan/skip.ts';

/** What a change means for one cluster. */
export interface ClusterChange {
  readonly clusterId: string;
  readonly added: readonly Occurrence[];
  readonly removed: readonly Occurrence[];
  /** The same occurrence at another time, of another length or from another series. */
  readonly changed: readonly { readonly from: Occurrence; readonly to: Occurrence }[];
  /** Planned airtime more (or, negative, less) than before. */
  readonly addedMs: number;
}

/** What would differ if a change were saved; nothing is. */
export interface Difference {
  /** The clusters that differ, by id; the rest is not touched. */
  readonly clusters: readonly ClusterChange[];
  /** Airtime more than before, all clusters together. */
  readonly addedMs: number;
  /** How many clusters would hear something new or changed. */
  readonly reach: number;
  readonly newConflicts: readonly Conflict[];
  readonly newSkips: readonly Skip[];
}

/** Compiles a schedule as it is and as it would be, and tells the difference. */
export function dryRun(
  now: CompileInput,
  changed: Pick<CompileInput, 'series' | 'policies' | 'holidayTables'>,
): Difference {
  const before = compile(now);
  const after = compile({ ...now, ...changed });
  const clusters = changesByCluster(before, after);
  return {
    clusters,
    addedMs: clusters.reduce((total, { addedMs }) => total + addedMs, 0),
    reach: clusters.filter(({ added, changed }) => added.length + changed.length > 0).length,
    newConflicts: newOnes(before.conflicts, after.conflicts),
    newSkips: newOnes(before.skips, after.skips),
  };
}

function changesByCluster(before: Compiled, after: Compiled): readonly ClusterChange[] {
  const old = new Map(before.occurrences.map((occurrence) => [occurrence.id, occurrence]));
  const kept = new Set(after.occurrences.map(({ id }) => id));
  const pairs = [
    ...before.occurrences
      .filter(({ id }) => !kept.has(id))
      .map((from) => ({ clusterId: from.clusterId, from, to: undefined })),
    ...after.occurrences.map((to) => ({ clusterId: to.clusterId, from: old.get(to.id), to })),
  ];
  const differing = pairs.filter(({ from, to }) => !from || !to || !isSame(from, to));
  return [...Map.groupBy(differing, ({ clusterId }) => clusterId)]
    .map(([clusterId, pairs]) => ({
      clusterId,
      added: pairs.flatMap(({ from, to }) => (to && !from ? [to] : [])),
      removed: pairs.flatMap(({ from, to }) => (from && !to ? [from] : [])),
      changed: pairs.flatMap(({ from, to }) => (from && to ? [{ from, to }] : [])),
      addedMs: pairs.reduce(
        (total, { from, to }) => total + (to?.plannedMs ?? 0) - (from?.plannedMs ?? 0),
        0,
      ),
    }))
    .sort((a, b) => (a.clusterId < b.clusterId ? -1 : 1));
}

function isSame(a: Occurrence, b: Occurrence): boolean {
  return a.startsAtMs === b.startsAtMs && a.plannedMs === b.plannedMs && a.seriesId === b.seriesId;
}

function newOnes<Item>(before: readonly Item[], after: readonly Item[]): readonly Item[] {
  const known = new Set(before.map((item) => JSON.stringify(item)));
  return after.filter((item) => !known.has(JSON.stringify(item)));
}
