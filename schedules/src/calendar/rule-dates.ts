import type { DateSpan, Series } from '../series/series.ts';
import { datesBetween, weekdayOf } from './civil-time.ts';
import { lunarDates } from './lunar/lunar-rule.ts';

/** Returns the local times `YYYY-MM-DDTHH:MM:SS` that a series' rule gives on the dates of a span, earliest first, before exceptions and holidays. */
export function ruleTimes(series: Series, span: DateSpan): readonly string[] {
  const common = commonSpan(span, {
    firstDate: series.firstDate,
    lastDate: series.lastDate ?? span.lastDate,
  });
  return ruleDates(series, common).map((date) => `${date}T${series.localTime}`);
}

function ruleDates({ rule, firstDate }: Series, span: DateSpan): readonly string[] {
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
