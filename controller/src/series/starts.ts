import type { Schedule } from './schedule.schema.ts';

const WEEK_DAYS = 7;

/** The dates from `fromDate` (inclusive) on which a schedule sounds, at most the first week of them; it knows no longer rhythm. */
function datesFrom(schedule: Schedule, fromDate: Temporal.PlainDate): readonly Temporal.PlainDate[] {
  const first = Temporal.PlainDate.from(schedule.firstDate);
  const last = schedule.rule.kind === 'once' ? first : Temporal.PlainDate.from(schedule.lastDate);
  const from = Temporal.PlainDate.compare(fromDate, first) > 0 ? fromDate : first;
  return Array.from({ length: WEEK_DAYS + 1 }, (_, days) => from.add({ days })).filter(
    (date) =>
      Temporal.PlainDate.compare(date, last) <= 0 &&
      (schedule.rule.kind !== 'weekly' || schedule.rule.days.includes(date.dayOfWeek)),
  );
}

/** Returns the ISO weekdays on which a schedule ever sounds, ascending. */
export function weekdaysOf(schedule: Schedule): readonly number[] {
  const dates = datesFrom(schedule, Temporal.PlainDate.from(schedule.firstDate));
  return [...new Set(dates.map(({ dayOfWeek }) => dayOfWeek))].sort();
}

/** Returns the first start after `nowMs`, or `undefined` when there is none any more. */
export function nextStartMs(schedule: Schedule, timeZone: string, nowMs: number): number | undefined {
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDate();
  return datesFrom(schedule, today)
    .map((date) => date.toZonedDateTime({ timeZone, plainTime: schedule.localTime }).epochMilliseconds)
    .find((startMs) => startMs > nowMs);
}
