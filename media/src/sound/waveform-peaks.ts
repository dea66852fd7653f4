import type { Samples } from './samples.ts';

/** Returns the highest level (0–1) in each of `buckets` equal stretches of the sound, for drawing it. */
export function waveformPeaks(samples: Samples, { buckets }: { readonly buckets: number }): number[] {
  const scale = samples instanceof Int16Array ? 32_768 : 1;
  return Array.from({ length: buckets }, (_, bucket) => {
    const from = Math.floor((bucket * samples.length) / buckets);
    const to = Math.floor(((bucket + 1) * samples.length) / buckets);
    let peak = 0;
    for (let i = from; i < to; i++) peak = Math.max(peak, Math.abs(samples[i] ?? 0));
    return Math.min(1, peak / scale);
  });
}
