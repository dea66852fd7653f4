import type { Part } from '@loa/kernel';

/** The one sample format of the edge: mono, signed 16-bit, at this many samples a second. */
export const SAMPLE_RATE_HZ = 48_000;
export const SAMPLES_PER_MS = SAMPLE_RATE_HZ / 1000;
/** Samples are handed over in pieces of this many: 20 ms. */
export const PERIOD_SAMPLES = 960;

/** Whether sound can leave now. `lost` comes back by itself; `absent` means there is nothing to play on. */
export type SinkState =
  | { readonly kind: 'opening' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'absent'; readonly reason: string };

/**
 * Fills `samples` with what is to leave from sample `firstIndex` on. Called in order, a lead ahead of the device, without
 * gaps, except for silence that the sink had to put in because it was asked too late.
 */
export type SampleSource = (samples: Int16Array, firstIndex: number) => void;

/** When samples leave: sample `k` does at `originMonoMs + k / 48`, on the monotonic clock the sink was given. */
export interface SinkClock {
  readonly originMonoMs: number;
}

/** What went wrong since the start; a listener heard each as silence. */
export interface SinkCounts {
  /** How often the device ran dry. */
  readonly underruns: number;
  /** How often the device was lost after it had been ready. */
  readonly losses: number;
}

/**
 * Where sound leaves the box: opened once and fed for the life of the process, silence included, since opening a device
 * per sound costs 13 to 300 ms and loses its beginning. Each opening counts its samples from 0.
 */
export interface Sink extends Part {
  /** How far ahead of the device it is fed, in samples: the shortest way from an order to the ear. */
  readonly leadSamples: number;
  state(): SinkState;
  /** Calls `listener` after each change of state; returns the function that ends it. */
  onStateChange(listener: (state: SinkState) => void): () => void;
  /** Returns the present estimate; `undefined` unless ready, and for a moment after an underrun. */
  clockEstimate(): SinkClock | undefined;
  counts(): SinkCounts;
}

/** Returns the index of the sample, as a fraction, that leaves at `monoMs`. */
export function indexAt({ originMonoMs }: SinkClock, monoMs: number): number {
  return (monoMs - originMonoMs) * SAMPLES_PER_MS;
}

/** Returns the monotonic time at which sample `index` leaves. */
export function leavesAtMonoMs({ originMonoMs }: SinkClock, index: number): number {
  return originMonoMs + index / SAMPLES_PER_MS;
}
