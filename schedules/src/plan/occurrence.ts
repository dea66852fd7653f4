/** One concrete start on one cluster. */
export interface Occurrence {
  /** Made by `occurrenceIdOf` when first compiled, and kept through every edit. */
  readonly id: string;
  readonly clusterId: string;
  readonly seriesId: string;
  readonly rootSeriesId: string;
  /** Where the rule put it when it was first compiled; part of the id, never changed. */
  readonly originalStartMs: number;
  /** When it should sound now. */
  readonly startsAtMs: number;
  readonly plannedMs: number;
}

/** An occurrence as it was last compiled. */
export interface KnownOccurrence extends Occurrence {
  /** True when it was taken out of the plan and has not come back: its id stays its own, and it does not begin. Absent: false. */
  readonly isWithdrawn?: boolean;
}

/** Ids that become parts of an occurrence's id: no `~`, which separates them. */
export const PART_ID = /^[A-Za-z0-9_.-]{1,50}$/;

/**
 * Returns the identity of an occurrence: cluster, root series and original start as first compiled (P4).
 * @throws {RangeError} when an id is not 1 to 50 of A-Z a-z 0-9 _ . - and two occurrences could share a name.
 * @example occurrenceIdOf({ clusterId: 'thon-1', rootSeriesId: 'ser_1', originalStartMs: 1767564000000 }) // 'thon-1~ser_1~1767564000000'
 */
export function occurrenceIdOf({
  clusterId,
  rootSeriesId,
  originalStartMs,
}: Pick<Occurrence, 'clusterId' | 'rootSeriesId' | 'originalStartMs'>): string {
  for (const id of [clusterId, rootSeriesId])
    if (!PART_ID.test(id))
      throw new RangeError(`"${id}" cannot be part of an occurrence id: wanted 1 to 50 of A-Z a-z 0-9 _ . -`);
  return `${clusterId}~${rootSeriesId}~${originalStartMs}`;
}
