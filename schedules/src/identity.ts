import type { Slot } from './expand.ts';
import { type Occurrence, occurrenceIdOf } from './occurrence.ts';
import type { Series } from './series.ts';

/** A slot of one of the series that share a root. */
export interface Candidate {
  readonly series: Series;
  readonly slot: Slot;
}

/** Why a candidate got no identity. */
export type IdentityRefusal =
  | { readonly code: 'already-begun'; readonly id: string }
  | { readonly code: 'in-the-past' }
  | { readonly code: 'collision'; readonly id: string };

export interface Identified {
  readonly occurrences: readonly Occurrence[];
  readonly refused: readonly (Candidate & { readonly reason: IdentityRefusal })[];
}

/**
 * Gives the candidates of one cluster, root and local date their ids, knowing those compiled before for that date (P4).
 * An unchanged start keeps its id; of the rest, the n-th new one takes over the n-th old one; what has begun stays as it was
 * and is never replaced; what would begin in the past does not begin; an id that is taken is refused.
 */
export function identify(
  clusterId: string,
  candidates: readonly Candidate[],
  known: readonly Occurrence[],
  nowMs: number,
): Identified {
  const hasBegun = (occurrence: Occurrence) => occurrence.startsAtMs <= nowMs;
  const heirs = inherit(candidates, known);
  const taken = new Set(known.map(({ id }) => id));
  const occurrences = known.filter(hasBegun);
  const refused: (Candidate & { readonly reason: IdentityRefusal })[] = [];
  for (const candidate of candidates) {
    const { slot } = candidate;
    const old = heirs.get(candidate);
    if (old && hasBegun(old)) {
      if (old.startsAtMs !== slot.startsAtMs)
        refused.push({ ...candidate, reason: { code: 'already-begun', id: old.id } });
      continue;
    }
    if (slot.startsAtMs <= nowMs) {
      refused.push({ ...candidate, reason: { code: 'in-the-past' } });
      continue;
    }
    const occurrence = occurrenceAt(clusterId, candidate, old);
    if (!old && taken.has(occurrence.id)) {
      refused.push({ ...candidate, reason: { code: 'collision', id: occurrence.id } });
      continue;
    }
    taken.add(occurrence.id);
    occurrences.push(occurrence);
  }
  return { occurrences, refused };
}

/** Returns which candidate takes over which known occurrence: equal starts first, then the n-th of what is left. */
function inherit(
  candidates: readonly Candidate[],
  known: readonly Occurrence[],
): ReadonlyMap<Candidate, Occurrence> {
  const free = known.toSorted((a, b) => a.originalStartMs - b.originalStartMs);
  const heirs = new Map<Candidate, Occurrence>();
  const give = (candidate: Candidate, index: number) => {
    const [old] = index < 0 ? [] : free.splice(index, 1);
    if (old) heirs.set(candidate, old);
  };
  const news = candidates.toSorted((a, b) => a.slot.slotMs - b.slot.slotMs);
  for (const candidate of news)
    give(
      candidate,
      free.findIndex(({ startsAtMs }) => startsAtMs === candidate.slot.startsAtMs),
    );
  for (const candidate of news) if (!heirs.has(candidate)) give(candidate, 0);
  return heirs;
}

function occurrenceAt(
  clusterId: string,
  { series, slot }: Candidate,
  old: Occurrence | undefined,
): Occurrence {
  const originalStartMs = old?.originalStartMs ?? slot.slotMs;
  return {
    id: old?.id ?? occurrenceIdOf({ clusterId, rootSeriesId: series.rootId, originalStartMs }),
    clusterId,
    seriesId: series.id,
    rootSeriesId: series.rootId,
    originalStartMs,
    startsAtMs: slot.startsAtMs,
    plannedMs: series.plannedMs,
  };
}
