import type { Slot } from '../calendar/slot.ts';
import type { SkipReason } from '../reason/reason.ts';

/** A start that was left out of the plan. */
export interface Skip {
  readonly clusterId: string;
  readonly seriesId: string;
  readonly rootSeriesId: string;
  readonly startsAtMs: number;
  readonly plannedMs: number;
  readonly reason: SkipReason;
}

/** Returns the skip of one slot on one cluster. */
export function skipOf(clusterId: string, { series, rootId, startsAtMs }: Slot, reason: SkipReason): Skip {
  return {
    clusterId,
    seriesId: series.id,
    rootSeriesId: rootId,
    startsAtMs,
    plannedMs: series.plannedMs,
    reason,
  };
}

/** Earliest first; of equals, by series. */
export function bySkippedStart(a: Skip, b: Skip): number {
  return a.startsAtMs - b.startsAtMs || (a.seriesId < b.seriesId ? -1 : 1);
}
