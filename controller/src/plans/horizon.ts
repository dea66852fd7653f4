import type { Horizon } from '@loa/schedules';

const DAYS_AHEAD = 30;

/**
 * Returns what a plan holds: from the start of yesterday to the end of the 30th day from now, in local days.
 * Yesterday, because a sound that has begun stays in the plan until it and its late window are over; whole days, because
 * a horizon that moved with every minute would make every plan differ from the one before.
 */
export function planHorizon(nowMs: number, timeZone: string): Horizon {
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).startOfDay();
  return {
    fromMs: today.subtract({ days: 1 }).epochMilliseconds,
    untilMs: today.add({ days: DAYS_AHEAD + 1 }).epochMilliseconds,
  };
}
