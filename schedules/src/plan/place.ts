import type { RootOnCluster } from '../calendar/roots.ts';
import type { Slot } from '../calendar/slot.ts';
import { identify } from './identity.ts';
import type { Occurrence } from './occurrence.ts';
import { type Skip, skipOf } from './skip.ts';

/** Gives what is wanted of a cluster its identity, keeps what has begun, and says why the rest is left out. */
export function place(
  { clusterId, wanted, known }: RootOnCluster,
  nowMs: number,
): { readonly occurrences: readonly Occurrence[]; readonly skips: readonly Skip[] } {
  const occurrences: Occurrence[] = [];
  const skips: Skip[] = [];
  for (const date of new Set([...wanted.keys(), ...known.keys()])) {
    const welcome: Slot[] = [];
    for (const slot of wanted.get(date) ?? [])
      if (slot.refusal) skips.push(skipOf(clusterId, slot, slot.refusal));
      else welcome.push(slot);
    const identified = identify(clusterId, welcome, known.get(date) ?? [], nowMs);
    for (const occurrence of identified.occurrences) occurrences.push(occurrence);
    for (const { slot, reason } of identified.refused) skips.push(skipOf(clusterId, slot, reason));
  }
  return { occurrences, skips };
}
