/**
 * The three classes of Circular 39/2020/TT-BTTTT (thông thường, ưu tiên, khẩn cấp), lowest first.
 * Inside a class, a rank from 0 (lowest) to 99 decides.
 */
export const BROADCAST_CLASSES = ['routine', 'priority', 'emergency'] as const;
export type BroadcastClass = (typeof BROADCAST_CLASSES)[number];

/** What decides between two sounds that want the same horn. */
export interface Precedence {
  readonly class: BroadcastClass;
  /** 0 (lowest) to 99. */
  readonly rank: number;
}

/** Returns a positive number when `a` goes before `b`, negative when after, 0 when they are equal. */
export function comparePrecedence(a: Precedence, b: Precedence): number {
  return BROADCAST_CLASSES.indexOf(a.class) - BROADCAST_CLASSES.indexOf(b.class) || a.rank - b.rank;
}
