import type { PlayRules } from '../play-rules.ts';

/** A start this late is on time: a box needs a moment for its amplifier and its sink. */
export const ON_TIME_MS = 1000;

/** Tells whether a start that was missed (the box was off, its clock untrusted, its sound not there) may still happen `lateMs` after its time. What goes to the next slot does not happen in this one. */
export function mayStartLate({ late }: Pick<PlayRules, 'late'>, lateMs: number): boolean {
  return lateMs <= (late.kind === 'within' ? Math.max(late.maxLateMs, ON_TIME_MS) : ON_TIME_MS);
}
