/** Length of the stretches that are judged one by one. */
const WINDOW_MS = 100;

/** Correlation coefficient from which a stretch counts as present; other speech stays below 0.47 (measured). */
const PRESENT_FROM = 0.5;
/** A stretch this far below the loudest is silence: it proves nothing and is not counted. */
const SILENCE_DB = -45;
/** How far the surest stretch is looked for around its place, in samples. */
const ANCHOR_SEARCH = 12;
/** How far the others are from their neighbour's place: 600 millionths, where sound cards are right to 200. */
const DRIFT_SEARCH = 1;

/** One stretch of the reference that is not silence. */
export interface Window {
  /** Where it begins in the reference. */
  readonly from: number;
  readonly length: number;
}

/** A stretch that was found, and where it begins in the recording. */
export interface PresentWindow extends Window {
  readonly foundAt: number;
}

/** Lifts the treble, so that the few strong low tones do not decide alone whether two sounds are alike. */
export function preEmphasis(sound: Float32Array): Float32Array {
  return sound.map((sample, i) => sample - 0.9 * (sound[i - 1] ?? 0));
}

/** Cuts the reference into stretches and leaves out the silent ones. */
export function audibleWindows(reference: Float32Array, sampleRateHz: number): Window[] {
  const length = Math.round((sampleRateHz * WINDOW_MS) / 1000);
  const all = Array.from({ length: Math.floor(reference.length / length) }, (_, i) => {
    const from = i * length;
    return { from, length, power: power(reference, from, length) };
  });
  const loudest = all.reduce((highest, { power }) => Math.max(highest, power), 0);
  return all
    .filter(({ power }) => power > loudest * 10 ** (SILENCE_DB / 10))
    .map(({ from, length }) => ({ from, length }));
}

/**
 * Returns which of the windows are in the recording when the reference begins near `lag`. From the window that is
 * surest it goes outward both ways, following a slow drift but no jump.
 */
export function presentWindows(
  recording: Float32Array,
  reference: Float32Array,
  windows: readonly Window[],
  lag: number,
): PresentWindow[] {
  let anchor = { index: 0, shift: 0, likeness: -1 };
  windows.forEach((window, index) => {
    const best = bestShift(recording, reference, window, lag, ANCHOR_SEARCH);
    if (best.likeness > anchor.likeness) anchor = { index, ...best };
  });
  if (anchor.likeness < PRESENT_FROM) return [];
  const anchoredAt = lag + anchor.shift;
  const follow = (outward: readonly Window[]) => {
    let at = anchoredAt;
    return outward.flatMap((window) => {
      const { shift, likeness } = bestShift(recording, reference, window, at, DRIFT_SEARCH);
      if (likeness < PRESENT_FROM) return [];
      at += shift;
      return [{ ...window, foundAt: window.from + at }];
    });
  };
  const before = follow(windows.slice(0, anchor.index).reverse()).reverse();
  return [...before, ...follow(windows.slice(anchor.index))];
}

/** Returns the shift within ±`reach` samples of `lag` at which the window is most like the recording, and how like (-1…1). */
export function bestShift(
  recording: Float32Array,
  reference: Float32Array,
  { from, length }: Window,
  lag: number,
  reach: number,
): { readonly shift: number; readonly likeness: number } {
  const referencePower = power(reference, from, length);
  let best = { shift: 0, likeness: -1 };
  for (let shift = -reach; shift <= reach; shift++) {
    const at = from + lag + shift;
    if (at < 0 || at + length > recording.length) continue;
    let product = 0;
    for (let i = 0; i < length; i++) product += (recording[at + i] ?? 0) * (reference[from + i] ?? 0);
    const scale = Math.sqrt(referencePower * power(recording, at, length));
    const likeness = scale > 0 ? product / scale : 0;
    if (likeness > best.likeness) best = { shift, likeness };
  }
  return best;
}

function power(sound: Float32Array, from: number, length: number): number {
  let total = 0;
  for (let i = from; i < from + length; i++) total += (sound[i] ?? 0) ** 2;
  return total;
}
