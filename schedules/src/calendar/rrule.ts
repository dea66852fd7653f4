import { RRuleTemporal } from 'rrule-temporal';
import type { DateSpan, Series } from '../series/series.ts';

/** Returns the local times `YYYY-MM-DDTHH:MM:SS` that an RRULE gives on the dates of a span, earliest first. */
export function rruleTimes(
  rrule: string,
  { firstDate, localTime }: Pick<Series, 'firstDate' | 'localTime'>,
  span: DateSpan,
): readonly string[] {
  // Wall-clock times are worked out as if in UTC, where none is skipped or repeated: what a clock change does is for `instantOf` (S-2).
  const dtstart = wallClock(`${firstDate}T${localTime}`);
  return new RRuleTemporal({ rruleString: `RRULE:${rrule}`, dtstart, strict: true })
    .between(wallClock(`${span.firstDate}T00:00:00`), wallClock(`${span.lastDate}T23:59:59`), true)
    .map((time) => time.toString().slice(0, 19));
}

function wallClock(localTime: string): Temporal.ZonedDateTime {
  return Temporal.PlainDateTime.from(localTime).toZonedDateTime('UTC');
}
