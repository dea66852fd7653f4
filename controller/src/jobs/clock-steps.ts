import type { Clock } from '@loa/kernel';

/** A wall clock that gains or loses more than this against the monotonic one was set, not slewed. */
const STEP_MS = 5_000;
const LOOK_EVERY_MS = 1_000;

/**
 * Calls `onStep` with the signed size in ms whenever the wall clock has moved by more than 5 s against the monotonic
 * clock since the last call (also after the machine slept). Looks once a second, until `signal` aborts.
 */
export async function watchClockSteps({
  clock,
  signal,
  onStep,
}: {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onStep: (stepMs: number) => void;
}): Promise<void> {
  const offsetMs = () => clock.now().epochMilliseconds - clock.monotonicMs();
  let knownMs = offsetMs();
  while (!signal.aborted) {
    const stepMs = offsetMs() - knownMs;
    if (Math.abs(stepMs) > STEP_MS) {
      knownMs += stepMs;
      onStep(stepMs);
    }
    await clock.sleep(LOOK_EVERY_MS, { signal }).catch(() => {}); // the loop's condition ends it
  }
}
