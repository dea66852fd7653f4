import type { ByDate } from './candidates.ts';
import { type Candidate, identify } from './identity.ts';
import type { Occurrence } from './occurrence.ts';
import type { Series } from './series.ts';
import { type Skip, skipOf } from './skip.ts';

/** An occurrence together with the series by whose rules it plays. */
export interface Sound {
  readonly occurrence: Occurrence;
  readonly series: Series;
}

/** What one root series wants of one cluster, and what was compiled of it before. */
export interface RootOnCluster {
  readonly clusterId: string;
  /** The series of the root; at least one. */
  readonly members: readonly [Series, ...Series[]];
  readonly wanted: ByDate<Candidate>;
  readonly known: ByDate<Occurrence>;
}

/** Gives what is wanted and approved its identity, and keeps what has begun. */
export function place(
  { clusterId, members, wanted, known }: RootOnCluster,
  nowMs: number,
): { readonly sounds: readonly Sound[]; readonly skips: readonly Skip[] } {
  const sounds: Sound[] = [];
  const skips: Skip[] = [];
  for (const date of new Set([...wanted.keys(), ...known.keys()])) {
    const approved: Candidate[] = [];
    for (const candidate of wanted.get(date) ?? []) {
      const { series, slot } = candidate;
      if (isApproved(series, date)) approved.push(candidate);
      else skips.push(skipOf(clusterId, series, slot.startsAtMs, { code: 'not-approved', date }));
    }
    const { occurrences, refused } = identify(clusterId, approved, known.get(date) ?? [], nowMs);
    for (const occurrence of occurrences)
      sounds.push({ occurrence, series: members.find(({ id }) => id === occurrence.seriesId) ?? members[0] });
    for (const { series, slot, reason } of refused)
      skips.push(skipOf(clusterId, series, slot.startsAtMs, reason));
  }
  return { sounds, skips };
}

function isApproved({ approved }: Series, date: string): boolean {
  return approved !== null && approved.firstDate <= date && date <= approved.lastDate;
}
