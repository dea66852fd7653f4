import type { SkipReason } from './reason.ts';
import type { Series } from './series.ts';

/** A start that was left out of the plan. */
export interface Skip {
  readonly clusterId: string;
  readonly seriesId: string;
  readonly rootSeriesId: string;
  readonly startsAtMs: number;
  readonly plannedMs: number;
  readonly reason: SkipReason;
}

/** Returns the skip of one start of a series. */
export function skipOf(clusterId: string, series: Series, startsAtMs: number, reason: SkipReason): Skip {
  return {
    clusterId,
    seriesId: series.id,
    rootSeriesId: series.rootId,
    startsAtMs,
    plannedMs: series.plannedMs,
    reason,
  };
}
