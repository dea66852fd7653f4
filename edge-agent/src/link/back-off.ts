/** Where full jitter comes from; 0 (inclusive) to 1 (exclusive). */
export type Random = () => number;

/**
 * Returns how long to wait before try number `failures` (1 is the first retry): anything between 0 and a ceiling that
 * doubles, so that boxes which lost the line together do not come back together.
 */
export function fullJitterMs(
  failures: number,
  {
    baseMs = 1_000,
    maxMs = 60_000,
    random,
  }: { readonly baseMs?: number; readonly maxMs?: number; readonly random: Random },
): number {
  return random() * Math.min(maxMs, baseMs * 2 ** Math.min(failures, 20));
}
