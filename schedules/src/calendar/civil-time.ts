/** A point on a wall clock: what a villager reads, in one zone. */
export interface LocalMoment {
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** ISO weekday, 1 = Monday. */
  readonly weekday: number;
  /** `HH:MM` */
  readonly clock: string;
}

/** Returns the instant at which a wall clock in `timeZone` shows `date` and `time`; a time that a DST change skips moves on by the gap, a repeated one is its first (RFC 5545 §3.3.5). */
export function instantOf(date: string, time: string, timeZone: string): number {
  return Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(timeZone).epochMilliseconds;
}

/** Returns what a wall clock in `timeZone` shows at an instant. */
export function localMomentOf(epochMs: number, timeZone: string): LocalMoment {
  const there = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(timeZone);
  const text = there.toString();
  return { date: text.slice(0, 10), weekday: there.dayOfWeek, clock: text.slice(11, 16) };
}

/** Returns the date `days` later (earlier when negative). */
export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** Returns each date from `firstDate` to `lastDate`, both inclusive; none when the last is before the first. */
export function datesBetween(firstDate: string, lastDate: string): readonly string[] {
  const dates: string[] = [];
  for (let date = firstDate; date <= lastDate; date = addDays(date, 1)) dates.push(date);
  return dates;
}

/** Returns the ISO weekday of a date, 1 = Monday. */
export function weekdayOf(date: string): number {
  return Temporal.PlainDate.from(date).dayOfWeek;
}

/** Tells whether `zone` is an IANA time zone that this runtime knows. */
export function isTimeZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}

/** Tells whether `text` is an existing day written `YYYY-MM-DD`, years 1970 to 2199. */
export function isDate(text: string): boolean {
  if (!/^(?:19[7-9]\d|2[01]\d\d)-\d\d-\d\d$/.test(text)) return false;
  try {
    Temporal.PlainDate.from(text);
    return true;
  } catch {
    return false;
  }
}

/** Tells whether `text` is a time of day written `HH:MM:SS`, 00:00:00 to 23:59:59. */
export function isLocalTime(text: string): boolean {
  return /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(text);
}
