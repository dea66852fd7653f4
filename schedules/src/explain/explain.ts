import type { Conflict } from '../horn/timeline.ts';
import { type ClusterPlan, type CompileInput, clusterPlans } from '../plan/cluster-plan.ts';
import type { Occurrence } from '../plan/occurrence.ts';
import type { Skip } from '../plan/skip.ts';
import type { ConflictReason } from '../reason/reason.ts';

/** A hold as far as silence goes (P9). `untilMs` is `null` until it is released. */
export interface ActiveHold {
  readonly id: string;
  readonly includesEmergency: boolean;
  readonly fromMs: number;
  readonly untilMs: number | null;
  readonly reason: string;
}

/** An occurrence as one tells of it. */
export interface Told {
  readonly occurrence: Occurrence;
  readonly title: string;
}

/** What a cluster's horn does at an instant, and why. */
export interface Explanation {
  readonly clusterId: string;
  readonly atMs: number;
  /** What has the horn, from when until when; with `heldBy`, what would have it. */
  readonly plays: (Told & { readonly fromMs: number; readonly untilMs: number }) | null;
  readonly heldBy: ActiveHold | null;
  /** What would like the horn now and does not have it: what was beaten, and when its turn comes, if it does. */
  readonly waiting: readonly (Told & {
    readonly reason: ConflictReason;
    readonly resumesAtMs: number | null;
  })[];
  /** What was left out of the plan and would sound now. */
  readonly leftOut: readonly (Skip & { readonly title: string })[];
  readonly next: (Told & { readonly fromMs: number }) | null;
}

/** Says what a cluster plays at an instant within the horizon, what that beat, what waits, and why there is silence. */
export function explain(
  input: CompileInput,
  {
    clusterId,
    atMs,
    holds,
  }: { readonly clusterId: string; readonly atMs: number; readonly holds: readonly ActiveHold[] },
): Explanation {
  const { occurrences, stretches, conflicts, skips } = planOf(clusterId, input);
  const titles = new Map(input.series.map(({ id, title }) => [id, title]));
  const titleOf = (seriesId: string) => titles.get(seriesId) ?? seriesId;
  const told = (occurrence: Occurrence): Told => ({ occurrence, title: titleOf(occurrence.seriesId) });
  const isNow = (fromMs: number, untilMs: number) => fromMs <= atMs && atMs < untilMs;

  const onAir = stretches.find(({ fromMs, untilMs }) => isNow(fromMs, untilMs));
  const next = stretches.find(({ fromMs }) => fromMs > atMs);
  const isEmergency = onAir?.sound.rules.class === 'emergency';
  const hold = holds.find(
    ({ includesEmergency, fromMs, untilMs }) =>
      isNow(fromMs, untilMs ?? Number.POSITIVE_INFINITY) && (includesEmergency || !isEmergency),
  );
  return {
    clusterId,
    atMs,
    plays: onAir ? { ...told(onAir.sound.occurrence), fromMs: onAir.fromMs, untilMs: onAir.untilMs } : null,
    heldBy: hold ?? null,
    waiting: occurrences
      .filter((occurrence) => occurrence.startsAtMs <= atMs && occurrence !== onAir?.sound.occurrence)
      .flatMap((occurrence) => {
        const own = stretches.filter(({ sound }) => sound.occurrence === occurrence);
        const resumesAtMs = own.find(({ fromMs }) => fromMs > atMs)?.fromMs ?? null;
        const heardMs = own.reduce((total, { fromMs, untilMs }) => total + untilMs - fromMs, 0);
        const isMissingNow =
          heardMs < occurrence.plannedMs && atMs < occurrence.startsAtMs + occurrence.plannedMs;
        if (resumesAtMs === null && !isMissingNow) return [];
        return lastLoss(occurrence.id, conflicts).map((reason) => ({
          ...told(occurrence),
          reason,
          resumesAtMs,
        }));
      }),
    leftOut: skips
      .filter(({ startsAtMs, plannedMs }) => isNow(startsAtMs, startsAtMs + plannedMs))
      .map((skip) => ({ ...skip, title: titleOf(skip.seriesId) })),
    next: next ? { ...told(next.sound.occurrence), fromMs: next.fromMs } : null,
  };
}

/** How an occurrence last lost the horn, or did not get it. */
function lastLoss(id: string, conflicts: readonly Conflict[]): readonly ConflictReason[] {
  return conflicts
    .filter(({ firstId, secondId, reason }) => (reason.code === 'pre-empts' ? firstId : secondId) === id)
    .slice(-1)
    .map(({ reason }) => reason);
}

function planOf(
  clusterId: string,
  input: CompileInput,
): Pick<ClusterPlan, 'occurrences' | 'stretches' | 'conflicts' | 'skips'> {
  const [plan] = clusterPlans(onlyFor(clusterId, input));
  return plan ?? { occurrences: [], stretches: [], conflicts: [], skips: [] };
}

/** One cluster costs no more than its own series. */
function onlyFor(clusterId: string, input: CompileInput): CompileInput {
  return {
    ...input,
    series: input.series.map((series) => ({
      ...series,
      clusterIds: series.clusterIds.filter((id) => id === clusterId),
    })),
    known: input.known.filter((occurrence) => occurrence.clusterId === clusterId),
  };
}
