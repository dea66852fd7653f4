import { RRuleTemporal } from 'rrule-temporal';
import type { DateSpan, Series } from '../series/series.ts';

/** Returns the local times `YYYY-MM-DDTHH:MM:SS` that an RRULE gives on the dates of a span, earliest first. */
export function rruleTimes(
  rrule: string,
  series: Pick<Series, 'firstDate' | 'localTime'>,
  span: DateSpan,
): readonly string[] {
  const rule = ruleOf(rrule, series);
  return yearsOf(span).flatMap((year) => timesBetween(rule, year));
}

function timesBetween(rule: RRuleTemporal, { firstDate, lastDate }: DateSpan): readonly string[] {
  try {
    return rule
      .between(wallClock(`${firstDate}T00:00:00`), wallClock(`${lastDate}T23:59:59`), true)
      .map((time) => time.toString().slice(0, 19));
  } catch {
    return []; // the library gives up after 10,000 periods without a date: none then
  }
}

/** Cuts a span at New Year: in pieces of a year no rule reaches the library's limit of 10,000 dates. */
function yearsOf({ firstDate, lastDate }: DateSpan): readonly DateSpan[] {
  const years: DateSpan[] = [];
  for (let year = Number(firstDate.slice(0, 4)); year <= Number(lastDate.slice(0, 4)); year += 1) {
    const [, first = ''] = [firstDate, `${year}-01-01`].sort();
    const [last = ''] = [lastDate, `${year}-12-31`].sort();
    years.push({ firstDate: first, lastDate: last });
  }
  return years;
}

/** Returns the first time that an RRULE gives, if it gives any within 10,000 periods. */
export function firstRruleTime(
  rrule: string,
  series: Pick<Series, 'firstDate' | 'localTime'>,
): string | undefined {
  try {
    return ruleOf(rrule, series)
      .next(wallClock(`${series.firstDate}T00:00:00`), true)
      ?.toString()
      .slice(0, 19);
  } catch {
    return undefined;
  }
}

/** Tells whether the parts of an RRULE go together (RFC 5545 §3.3.10). */
export function isRrule(rrule: string): boolean {
  try {
    ruleOf(rrule, { firstDate: '2026-01-01', localTime: '00:00:00' });
    return true;
  } catch {
    return false;
  }
}

/** Wall-clock times are worked out as if in UTC, where none is skipped or repeated: what a clock change does is for `instantOf` (S-2). */
function ruleOf(
  rrule: string,
  { firstDate, localTime }: Pick<Series, 'firstDate' | 'localTime'>,
): RRuleTemporal {
  const dtstart = wallClock(`${firstDate}T${localTime}`);
  return new RRuleTemporal({ rruleString: `RRULE:${rrule}`, dtstart, strict: true });
}

function wallClock(localTime: string): Temporal.ZonedDateTime {
  return Temporal.PlainDateTime.from(localTime).toZonedDateTime('UTC');
}
