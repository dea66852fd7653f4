import type { Clock } from '@loa/kernel';

const TRIES = 5;
const CLOSE_MS = 0.1;

/** The same moment on both clocks. */
export interface ClockPair {
  /** UTC milliseconds, with fractions. */
  readonly wallMs: number;
  readonly monoMs: number;
}

/** Reads both clocks as one, again when the thread lost its turn in between: on a busy box that takes milliseconds. */
export function readClocks(clock: Pick<Clock, 'now' | 'monotonicMs'>): ClockPair {
  let best: ClockPair = { wallMs: 0, monoMs: 0 };
  let bestGapMs = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TRIES && bestGapMs > CLOSE_MS; i++) {
    const beforeMs = clock.monotonicMs();
    const wallMs = Number(clock.now().epochNanoseconds) / 1e6;
    const gapMs = clock.monotonicMs() - beforeMs;
    if (gapMs >= bestGapMs) continue;
    bestGapMs = gapMs;
    best = { wallMs, monoMs: beforeMs + gapMs / 2 };
  }
  return best;
}
