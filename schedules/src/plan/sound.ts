import { comparePrecedence } from '../broadcast-class.ts';
import type { PlayRules } from '../play-rules.ts';
import type { Occurrence } from './occurrence.ts';

/** An occurrence together with the rules by which it plays. */
export interface Sound {
  readonly occurrence: Occurrence;
  readonly rules: PlayRules;
}

/** Earliest first; of equal starts, what goes before; of equals, by id, so that every run agrees. */
export function byStart(a: Sound, b: Sound): number {
  return (
    a.occurrence.startsAtMs - b.occurrence.startsAtMs ||
    comparePrecedence(b.rules, a.rules) ||
    (a.occurrence.id < b.occurrence.id ? -1 : 1)
  );
}
