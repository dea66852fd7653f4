/**
 * Time as every part of Loa sees it: a wall clock that may be wrong or jump, and a monotonic one that may not.
 * Only `systemClock` reads the machine's clocks; pure code takes `now` instead of a `Clock`.
 */
export interface Clock {
  /** Returns the wall-clock instant as this machine believes it. It may jump either way. */
  now(): Temporal.Instant;
  /** Returns milliseconds from an arbitrary origin that never goes back. Use it for durations. */
  monotonicMs(): number;
  /**
   * Resolves after `ms` milliseconds of monotonic time (0 or more, fractions allowed).
   * @throws {DOMException} AbortError (or the signal's reason) when `signal` aborts first.
   */
  sleep(ms: number, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
}

/** The longest single sleep: a clock step, a suspended machine or a 2^31 ms overflow is noticed within this time. */
export const MAX_SLEEP_MS = 30_000;

/**
 * Resolves when the wall clock reaches `until`, asking the clock again at least every 30 s.
 * Returns at once when `until` has passed.
 */
export async function sleepUntil(
  clock: Clock,
  until: Temporal.Instant,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  for (;;) {
    const leftMs = until.epochMilliseconds - clock.now().epochMilliseconds;
    if (leftMs <= 0) return;
    await clock.sleep(Math.min(leftMs, MAX_SLEEP_MS), options);
  }
}
