import { comparePrecedence } from '../broadcast-class.ts';
import type { PlayRules } from '../play-rules.ts';

/** What happens when a sound wants a horn that is busy. */
export type Meeting = 'pre-empts' | 'waits' | 'gives-way';

/**
 * Decides between the sound on the horn and one that wants it now; `freeInMs` is what is left of the first.
 * Only what goes before the other pre-empts it, never its equal: two equal interrupts play one after the other.
 * An emergency does so whatever its start rule says (P9), the others by a hard start.
 */
export function meet(current: PlayRules, incoming: PlayRules, freeInMs: number): Meeting {
  const goesBefore = comparePrecedence(incoming, current) > 0;
  if (goesBefore && (incoming.class === 'emergency' || incoming.start.kind === 'hard')) return 'pre-empts';
  return freeInMs <= longestWaitMs(incoming) ? 'waits' : 'gives-way';
}

/** Returns how long a sound may wait for a busy horn. A hard start that could not pre-empt waits as long as it may be late; an emergency always waits. */
export function longestWaitMs({ class: broadcastClass, start, late }: PlayRules): number {
  if (broadcastClass === 'emergency') return Number.POSITIVE_INFINITY;
  switch (start.kind) {
    case 'make-next':
      return Number.POSITIVE_INFINITY;
    case 'wait':
      return start.maxWaitMs;
    case 'hard':
      return late.kind === 'within' ? late.maxLateMs : 0;
  }
}
