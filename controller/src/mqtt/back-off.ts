/** Where jitter comes from: 0 (inclusive) to 1 (exclusive). */
export type Random = () => number;

/** Returns a wait between half of a doubling ceiling and the whole: spread out, yet never at once. `tries` counts from 0. */
export function backOffMs(
  tries: number,
  { firstMs, maxMs, random }: { readonly firstMs: number; readonly maxMs: number; readonly random: Random },
): number {
  const ceilingMs = Math.min(maxMs, firstMs * 2 ** Math.min(tries, 30));
  return Math.round((ceilingMs * (1 + random())) / 2);
}
