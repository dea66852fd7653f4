/** What EBU R128 says of a sound. */
export interface Loudness {
  /** Integrated loudness; -70 or lower means nothing passed the gate. */
  readonly loudnessLufs: number;
  readonly truePeakDbtp: number;
}

/** The filter that measures. Its running log goes to the verbose level, so that only the summary is written. */
export const LOUDNESS_FILTER = 'ebur128=peak=true:framelog=verbose';

/** Reads the summary that `LOUDNESS_FILTER` leaves, or returns `undefined` when there is none. */
export function readLoudness(stderrTail: readonly string[]): Loudness | undefined {
  const text = stderrTail.join('\n');
  const summary = text.slice(text.lastIndexOf('Summary:'));
  const integrated = /\bI:\s+(-?[\d.]+|-inf|nan) LUFS/.exec(summary)?.[1];
  const peak = /\bPeak:\s+(-?[\d.]+|-inf|nan) dBFS/.exec(summary)?.[1];
  if (integrated === undefined || peak === undefined) return undefined;
  return { loudnessLufs: decibels(integrated), truePeakDbtp: decibels(peak) };
}

function decibels(text: string): number {
  const value = Number(text);
  return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
}
