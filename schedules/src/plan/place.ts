import type { RootOnCluster } from '../calendar/roots.ts';
import type { Slot } from '../calendar/slot.ts';
import type { Series } from '../series/series.ts';
import { identify } from './identity.ts';
import { type Skip, skipOf } from './skip.ts';
import type { Sound } from './sound.ts';

/** Gives what is wanted of a cluster its identity, keeps what has begun, and says why the rest is left out. */
export function place(
  { clusterId, newest, wanted, known }: RootOnCluster,
  seriesById: ReadonlyMap<string, Series>,
  nowMs: number,
): { readonly sounds: readonly Sound[]; readonly skips: readonly Skip[] } {
  const sounds: Sound[] = [];
  const skips: Skip[] = [];
  for (const date of new Set([...wanted.keys(), ...known.keys()])) {
    const welcome: Slot[] = [];
    for (const slot of wanted.get(date) ?? [])
      if (slot.refusal) skips.push(skipOf(clusterId, slot, slot.refusal));
      else welcome.push(slot);
    const identified = identify(clusterId, welcome, known.get(date) ?? [], nowMs);
    for (const occurrence of identified.occurrences)
      sounds.push({ occurrence, rules: (seriesById.get(occurrence.seriesId) ?? newest).rules });
    for (const { slot, reason } of identified.refused) skips.push(skipOf(clusterId, slot, reason));
  }
  return { sounds, skips };
}
