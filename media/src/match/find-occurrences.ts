import type { Peak } from './find-peaks.ts';
import { type PresentWindow, presentWindows, type Window } from './presence.ts';

/** One time the reference was heard, in samples of the rate at which it is judged. */
export interface RoughOccurrence extends Peak {
  readonly present: readonly PresentWindow[];
}

/** An occurrence of fewer stretches than this is chance. */
const MIN_WINDOWS = 2;

/**
 * Judges each peak by the stretches really found there, most first, and lets each moment of the recording count once:
 * a sound that repeats itself correlates with itself at other lags, and must not be taken for a second play.
 * Returns them in order of time.
 */
export function findOccurrences(
  recording: Float32Array,
  reference: Float32Array,
  windows: readonly Window[],
  peaks: readonly Peak[],
): RoughOccurrence[] {
  const taken = new Uint8Array(recording.length);
  const isFree = ({ foundAt, length }: PresentWindow) =>
    taken[foundAt + Math.floor(length / 4)] === 0 && taken[foundAt + Math.floor((3 * length) / 4)] === 0;
  const found: RoughOccurrence[] = [];
  let candidates = peaks.map((peak) => ({
    ...peak,
    present: presentWindows(recording, reference, windows, peak.lag),
  }));
  for (;;) {
    candidates = candidates
      .map((candidate) => ({ ...candidate, present: candidate.present.filter(isFree) }))
      .filter(({ present }) => present.length >= MIN_WINDOWS);
    // Of equals, the one that begins with the sound's own beginning, then the stronger.
    const [best] = candidates.sort(
      (a, b) =>
        b.present.length - a.present.length ||
        (a.present[0]?.from ?? 0) - (b.present[0]?.from ?? 0) ||
        b.strength - a.strength,
    );
    if (!best) return found.sort((a, b) => a.lag - b.lag);
    found.push(best);
    for (const { foundAt, length } of best.present) taken.fill(1, foundAt, foundAt + length);
  }
}
