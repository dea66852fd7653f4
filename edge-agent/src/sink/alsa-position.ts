import type { AlsaStatus } from './alsa-status.ts';
import { SAMPLES_PER_MS, type SinkClock } from './sink.ts';

const WINDOW = 400; // readings, 20 ms apart: 8 s, the prototype's window
const WARM_UP = 10; // readings before the first estimate: one noisy reading must move nothing
const RECOVERY = 32; // readings that find the base anew: enough for any period size of the card

/** Follows where the device is in the stream, from readings that jitter by a few milliseconds. */
export interface AlsaPosition {
  /**
   * Takes one reading, made when the device had time to take all `written` samples but a part of a period.
   * `recovered` is true when the device ran dry since the last one.
   */
  observe(status: AlsaStatus, written: number): { readonly recovered: boolean };
  /** Returns the median of the last 8 s; `undefined` while warming up. */
  estimate(): SinkClock | undefined;
  /** Returns the sample that was leaving at the last reading; 0 before the first. */
  leaving(): number;
}

/** Creates the follower of one opened stream. */
export function followAlsa(): AlsaPosition {
  let origins: number[] = [];
  let median: number | undefined;
  let base = 0; // index of the sample with which the device last began: 0, or where it recovered
  let bases: number[] | undefined;
  let triggerMs: number | undefined;
  let leaving = 0;
  return {
    observe(status, written) {
      const recovered = triggerMs !== undefined && status.triggerMs !== triggerMs;
      triggerMs = status.triggerMs;
      if (recovered) {
        origins = [];
        median = undefined;
        bases = [];
      }
      if (bases) {
        // The program in between holds up to a period; the least that was ever missing is where the device began.
        bases.push(written - status.applPtr);
        base = Math.min(...bases);
        leaving = base + status.applPtr - status.delay;
        if (bases.length < RECOVERY) return { recovered };
        bases = undefined;
      }
      leaving = base + status.applPtr - status.delay;
      origins.push(status.tstampMs - leaving / SAMPLES_PER_MS);
      if (origins.length > WINDOW) origins.shift();
      if (origins.length >= WARM_UP) median = medianOf(origins);
      return { recovered };
    },
    estimate: () => (median === undefined ? undefined : { originMonoMs: median }),
    leaving: () => leaving,
  };
}

function medianOf(values: readonly number[]): number | undefined {
  return Float64Array.from(values).sort()[values.length >> 1];
}
