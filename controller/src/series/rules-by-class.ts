import { type BroadcastClass, type PlayRules, ROUTINE_RULES } from '@loa/schedules';

const RULES: Readonly<Record<BroadcastClass, PlayRules>> = {
  routine: ROUTINE_RULES,
  // Worth hearing a little later rather than not at all.
  priority: { ...ROUTINE_RULES, class: 'priority', late: { kind: 'within', maxLateMs: 15 * 60_000 } },
  // At once, from its beginning, and never as a scrap of old news.
  emergency: {
    ...ROUTINE_RULES,
    class: 'emergency',
    start: { kind: 'hard' },
    preempted: 'restart',
    late: { kind: 'within', maxLateMs: 10 * 60_000 },
  },
};

/** Returns how a sound of a class behaves on a horn; `rank` decides between two of one class. */
export function rulesFor(broadcastClass: BroadcastClass, rank: number): PlayRules {
  return { ...RULES[broadcastClass], rank };
}
