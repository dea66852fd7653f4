import type { Slot } from '../calendar/slot.ts';
import { type KnownOccurrence, type Occurrence, occurrenceIdOf } from './occurrence.ts';

/** Why a slot got no identity. */
export type IdentityRefusal =
  | { readonly code: 'already-begun'; readonly id: string }
  | { readonly code: 'in-the-past' }
  | { readonly code: 'collision'; readonly id: string };

/** A slot without an occurrence. */
interface Refused {
  readonly slot: Slot;
  readonly reason: IdentityRefusal;
}

export interface Identified {
  readonly occurrences: readonly Occurrence[];
  readonly refused: readonly Refused[];
}

/**
 * Gives the slots of one cluster, root and local date their ids, knowing those compiled before for that date (P4).
 * An unchanged start keeps its id; of the rest, the n-th new one takes over the n-th old one; what has begun stays as it was
 * and is never replaced (what was withdrawn before its start has not begun); what would begin in the past does not begin; an id that is taken is refused.
 */
export function identify(
  clusterId: string,
  slots: readonly Slot[],
  known: readonly KnownOccurrence[],
  nowMs: number,
): Identified {
  const hasBegun = ({ startsAtMs, isWithdrawn }: KnownOccurrence) => startsAtMs <= nowMs && !isWithdrawn;
  const heirs = inherit(slots, known);
  const taken = new Set(known.map(({ id }) => id));
  const occurrences: Occurrence[] = known.filter(hasBegun);
  const refused: Refused[] = [];
  for (const slot of slots) {
    const old = heirs.get(slot);
    if (old && hasBegun(old)) {
      if (old.startsAtMs !== slot.startsAtMs)
        refused.push({ slot, reason: { code: 'already-begun', id: old.id } });
      continue;
    }
    if (slot.startsAtMs <= nowMs) {
      refused.push({ slot, reason: { code: 'in-the-past' } });
      continue;
    }
    const occurrence = occurrenceAt(clusterId, slot, old);
    if (!old && taken.has(occurrence.id)) {
      refused.push({ slot, reason: { code: 'collision', id: occurrence.id } });
      continue;
    }
    taken.add(occurrence.id);
    occurrences.push(occurrence);
  }
  return { occurrences, refused };
}

/** Returns which candidate takes over which known occurrence: equal starts first, then the n-th of what is left. */
function inherit(
  slots: readonly Slot[],
  known: readonly KnownOccurrence[],
): ReadonlyMap<Slot, KnownOccurrence> {
  if (known.length === 0) return NO_HEIRS;
  const free = known.toSorted((a, b) => a.originalStartMs - b.originalStartMs);
  const heirs = new Map<Slot, KnownOccurrence>();
  const give = (slot: Slot, index: number) => {
    const [old] = index < 0 ? [] : free.splice(index, 1);
    if (old) heirs.set(slot, old);
  };
  const news = slots.toSorted((a, b) => a.slotMs - b.slotMs);
  for (const slot of news)
    give(
      slot,
      free.findIndex(({ startsAtMs }) => startsAtMs === slot.startsAtMs),
    );
  for (const slot of news) if (!heirs.has(slot)) give(slot, 0);
  return heirs;
}

const NO_HEIRS: ReadonlyMap<Slot, KnownOccurrence> = new Map();

function occurrenceAt(clusterId: string, slot: Slot, old: Occurrence | undefined): Occurrence {
  const originalStartMs = old?.originalStartMs ?? slot.slotMs;
  return {
    id: old?.id ?? occurrenceIdOf({ clusterId, rootSeriesId: slot.rootId, originalStartMs }),
    clusterId,
    seriesId: slot.series.id,
    rootSeriesId: slot.rootId,
    originalStartMs,
    startsAtMs: slot.startsAtMs,
    plannedMs: slot.series.plannedMs,
  };
}
