import type { Precedence } from '../broadcast-class.ts';

const TOP_RANK = 99;

/**
 * Returns the ranks that keep a person's order between two sounds of equal precedence: the first goes before the second from then on.
 * Ranks travel in the plan, so that every box keeps the same order.
 */
export function ranksInOrder({ rank }: Precedence): { readonly first: number; readonly second: number } {
  return rank < TOP_RANK ? { first: rank + 1, second: rank } : { first: TOP_RANK, second: TOP_RANK - 1 };
}
