import { comparePrecedence } from '../broadcast-class.ts';
import type { Sound } from '../plan/sound.ts';
import type { ConflictReason } from '../reason/reason.ts';
import { meet } from './horn.ts';

/** Two starts of one cluster that want the horn at the same time. */
export interface Conflict {
  readonly clusterId: string;
  /** The occurrence that has the horn. */
  readonly firstId: string;
  /** The occurrence that wants it. */
  readonly secondId: string;
  readonly reason: ConflictReason;
}

/** Returns what happens where the sounds of one cluster meet. `sounds` come in the order of time. */
export function findConflicts(sounds: readonly Sound[]): readonly Conflict[] {
  const conflicts: Conflict[] = [];
  let current: Sound | undefined;
  let freeAtMs = Number.NEGATIVE_INFINITY;
  for (const incoming of sounds) {
    const { startsAtMs, plannedMs, clusterId, id } = incoming.occurrence;
    const reason =
      current && startsAtMs < freeAtMs ? clash(current, incoming, freeAtMs - startsAtMs) : undefined;
    if (current && reason)
      conflicts.push({ clusterId, firstId: current.occurrence.id, secondId: id, reason });
    if (reason?.code === 'gives-way') continue;
    const mustWait = reason !== undefined && reason.code !== 'pre-empts';
    freeAtMs = (mustWait ? freeAtMs : startsAtMs) + plannedMs;
    current = incoming;
  }
  return conflicts;
}

function clash(current: Sound, incoming: Sound, freeInMs: number): ConflictReason {
  const [first, second] = [current.rules, incoming.rules];
  const code = meet(first, second, freeInMs);
  if (second.class === 'priority' && comparePrecedence(first, second) === 0) return { code: 'needs-choice' };
  return code === 'waits' ? { code, waitMs: freeInMs } : { code };
}
