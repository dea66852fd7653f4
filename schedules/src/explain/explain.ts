import type { Conflict } from '../horn/timeline.ts';
import { type CompileInput, clusterPlans } from '../plan/cluster-plan.ts';
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
    readonly reason: ConflictReason | null;
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
  const [plan] = clusterPlans(onlyFor(clusterId, input));
  const titles = new Map(input.series.map(({ id, title }) => [id, title]));
  const classes = new Map(input.series.map(({ id, rules }) => [id, rules.class]));
  const told = (occurrence: Occurrence): Told => ({
    occurrence,
    title: titles.get(occurrence.seriesId) ?? '',
  });
  const { occurrences, stretches, conflicts, skips } = plan ?? NOTHING;
  const isNow = (startsAtMs: number, endsAtMs: number) => startsAtMs <= atMs && atMs < endsAtMs;
  const byId = new Map(occurrences.map((occurrence) => [occurrence.id, occurrence]));

  const stretch = stretches.find(({ fromMs, untilMs }) => isNow(fromMs, untilMs));
  const onAir = stretch && byId.get(stretch.id);
  const isEmergency = onAir !== undefined && classes.get(onAir.seriesId) === 'emergency';
  const hold = holds.find(
    ({ includesEmergency, fromMs, untilMs }) =>
      isNow(fromMs, untilMs ?? Number.POSITIVE_INFINITY) && (includesEmergency || !isEmergency),
  );
  const waiting = occurrences.flatMap((occurrence) => {
    const { id, startsAtMs, plannedMs } = occurrence;
    if (id === onAir?.id || startsAtMs > atMs) return [];
    const own = stretches.filter((one) => one.id === id);
    const resumesAtMs = own.find(({ fromMs }) => fromMs > atMs)?.fromMs ?? null;
    const heardMs = own.reduce((total, { fromMs, untilMs }) => total + untilMs - fromMs, 0);
    const isCutShort = isNow(startsAtMs, startsAtMs + plannedMs) && heardMs < plannedMs;
    return resumesAtMs !== null || isCutShort
      ? [{ ...told(occurrence), reason: lastLost(id, conflicts), resumesAtMs }]
      : [];
  });
  const next = stretches.find(({ fromMs }) => fromMs > atMs);
  const nextUp = next && byId.get(next.id);
  return {
    clusterId,
    atMs,
    plays: stretch && onAir ? { ...told(onAir), fromMs: stretch.fromMs, untilMs: stretch.untilMs } : null,
    heldBy: hold ?? null,
    waiting,
    leftOut: skips
      .filter(({ startsAtMs, plannedMs }) => isNow(startsAtMs, startsAtMs + plannedMs))
      .map((skip) => ({ ...skip, title: titles.get(skip.seriesId) ?? '' })),
    next: next && nextUp ? { ...told(nextUp), fromMs: next.fromMs } : null,
  };
}

/** Returns how an occurrence last lost the horn, or did not get it. */
function lastLost(id: string, conflicts: readonly Conflict[]): ConflictReason | null {
  const lost = conflicts.findLast(({ firstId, secondId, reason }) =>
    reason.code === 'pre-empts' ? firstId === id : secondId === id,
  );
  return lost?.reason ?? null;
}

const NOTHING = { occurrences: [], stretches: [], conflicts: [], skips: [] } as const;

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
