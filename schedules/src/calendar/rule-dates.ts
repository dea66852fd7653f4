import type { DateSpan, Series, SeriesRule } from '../series/series.ts';
import { datesBetween, weekdayOf } from './civil-time.ts';
import { lunarDates } from './lunar/lunar-rule.ts';
import { firstRruleTime, rruleTimes } from './rrule.ts';

/** Returns the local times `YYYY-MM-DDTHH:MM:SS` that a series' rule gives on the dates of a span, earliest first, before exceptions and holidays. */
export function ruleTimes(series: Series, span: DateSpan): readonly string[] {
  const common = commonSpan(span, {
    firstDate: series.firstDate,
    lastDate: series.lastDate ?? span.lastDate,
  });
  if (common.firstDate > common.lastDate) return [];
  if (series.rule.kind === 'rrule') return rruleTimes(series.rule.rrule, series, common);
  return ruleDates(series.rule, series.firstDate, common).map((date) => `${date}T${series.localTime}`);
}

function ruleDates(
  rule: Exclude<SeriesRule, { kind: 'rrule' }>,
  firstDate: string,
  span: DateSpan,
): readonly string[] {
  switch (rule.kind) {
    case 'once':
      return datesBetween(span.firstDate, span.lastDate).filter((date) => date === firstDate);
    case 'daily':
      return datesBetween(span.firstDate, span.lastDate);
    case 'weekly':
      return datesBetween(span.firstDate, span.lastDate).filter((date) =>
        rule.days.includes(weekdayOf(date)),
      );
    case 'lunar':
      return lunarDates(rule, span);
  }
}

/** Returns the dates that two spans share; it ends before it begins when they share none. */
function commonSpan(a: DateSpan, b: DateSpan): DateSpan {
  const [, firstDate = ''] = [a.firstDate, b.firstDate].sort();
  const [lastDate = ''] = [a.lastDate, b.lastDate].sort();
  return { firstDate, lastDate };
}

/** Tells whether a rule gives any time at all, up to the last date or for a hundred years. */
export function everFires(series: Series): boolean {
  const { rule, firstDate, lastDate } = series;
  if (rule.kind === 'rrule') {
    const first = firstRruleTime(rule.rrule, series);
    return first !== undefined && (lastDate === null || first.slice(0, 10) <= lastDate);
  }
  return [1, 10, 100].some(
    (years) => ruleTimes(series, { firstDate, lastDate: yearsAfter(firstDate, years) }).length > 0,
  );
}

/** Returns the last time that a rule with an end gives. */
export function lastTime(series: Series): string | undefined {
  const { firstDate } = series;
  return ruleTimes(series, { firstDate, lastDate: yearsAfter(firstDate, 100) }).at(-1);
}

function yearsAfter(date: string, years: number): string {
  return Temporal.PlainDate.from(date).add({ years }).toString();
}
