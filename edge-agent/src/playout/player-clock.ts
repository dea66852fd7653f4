import { type Clock, systemClock } from '@loa/kernel';

/** Returns milliseconds of the kernel's CLOCK_MONOTONIC: one origin for all threads, and for ALSA's time stamps. */
export function kernelMonotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** The machine's clock, with an origin that all threads share (`systemClock` has another in each). */
export const threadsClock: Clock = { ...systemClock, monotonicMs: kernelMonotonicMs };
