import type { OccurrenceId } from '@loa/kernel';
import { comparePrecedence, longestWaitMs, type Reason } from '@loa/schedules';
import type { HeldPlan } from '../orders/held-states.ts';
import { type Cue, cueOfPlan } from './cue.ts';

/** A cue that has not begun, and what stood in its way when it was last looked at. */
export interface Waiting {
  readonly cue: Cue;
  obstacle: { readonly reason: Reason; readonly detail: string } | undefined;
  /** It waits for its turn, which its late rule does not limit. */
  isInTurn: boolean;
  /** Monotonic milliseconds before which it is not tried again. */
  retryAtMs: number;
}

/** The longest that anything waits for its turn. */
const LONGEST_TURN_MS = 4 * 3_600_000;

/** Returns the instant after which a cue is not begun any more. */
export function deadlineOf({ cue, isInTurn }: Waiting): number {
  if (!isInTurn || cue.stopByMs !== null) return cue.latestStartMs;
  return Math.max(cue.latestStartMs, cue.startsAtMs + Math.min(LONGEST_TURN_MS, longestWaitMs(cue.rules)));
}

/** Everything that is still to sound. */
export interface WaitingRoom {
  add(cue: Cue): void;
  remove(id: OccurrenceId): Waiting | undefined;
  /** Returns what is due by `untilMs`, the most urgent first. */
  due(untilMs: number): readonly Waiting[];
  /** Returns the earliest start after `afterMs`, or infinity. */
  nextStartMs(afterMs: number): number;
  /**
   * Replaces what came from an older plan. Returns what is in the new one no more although it should have begun before
   * the new one begins: nobody else will close it. What the new plan leaves out of its own span is withdrawn.
   */
  adopt(plan: HeldPlan, isKnown: (id: OccurrenceId) => boolean): readonly Waiting[];
}

/** Creates an empty waiting room. */
export function createWaitingRoom(): WaitingRoom {
  const waiting = new Map<OccurrenceId, Waiting>();
  const fresh = (cue: Cue): Waiting => ({ cue, obstacle: undefined, isInTurn: false, retryAtMs: 0 });
  return {
    add(cue) {
      waiting.set(cue.id, fresh(cue));
    },
    remove(id) {
      const found = waiting.get(id);
      waiting.delete(id);
      return found;
    },
    due: (untilMs) =>
      [...waiting.values()]
        .filter(({ cue }) => cue.startsAtMs <= untilMs)
        .sort((a, b) => comparePrecedence(b.cue.rules, a.cue.rules) || a.cue.startsAtMs - b.cue.startsAtMs),
    nextStartMs(afterMs) {
      let next = Number.POSITIVE_INFINITY;
      for (const { cue } of waiting.values())
        if (cue.startsAtMs > afterMs && cue.startsAtMs < next) next = cue.startsAtMs;
      return next;
    },
    adopt(plan, isKnown) {
      const { content } = plan;
      const old = [...waiting.values()].filter(({ cue }) => cue.origin.kind === 'plan');
      for (const { cue } of old) waiting.delete(cue.id);
      const before = new Map(old.map((entry) => [entry.cue.id, entry]));
      for (const occurrence of content.occurrences) {
        const cue = isKnown(occurrence.id) ? undefined : cueOfPlan(content, plan, occurrence);
        if (cue) waiting.set(cue.id, { ...(before.get(cue.id) ?? fresh(cue)), cue });
      }
      return old.filter(
        ({ cue }) => !waiting.has(cue.id) && cue.startsAtMs < content.fromMs && !isKnown(cue.id),
      );
    },
  };
}
