import type { DateSpan } from '../series/series.ts';
import { addDays } from './civil-time.ts';
import { lunarDates } from './lunar/lunar-rule.ts';

/** One holiday of a table, `days` long (1 or more). */
export type Holiday = { readonly name: string; readonly days: number } & (
  | { readonly kind: 'date'; readonly firstDate: string }
  /** The same date each year; a 29 February only in leap years. */
  | { readonly kind: 'yearly'; readonly month: number; readonly day: number }
  /** The same lunar date each year, shifted: Tết with its eve begins at month 1, day 1, `shiftDays` -1. */
  | { readonly kind: 'lunar'; readonly month: number; readonly day: number; readonly shiftDays: number }
);

/** The days that a commune treats as holidays. Data, since the days off are announced each year. */
export interface HolidayTable {
  readonly id: string;
  readonly name: string;
  readonly holidays: readonly Holiday[];
}

/** Returns the holidays on the dates of a span, by date; of two on one date, the first of the table. */
export function holidaysOn(table: HolidayTable, span: DateSpan): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const holiday of table.holidays)
    for (const first of firstDates(holiday, {
      ...span,
      firstDate: addDays(span.firstDate, 1 - holiday.days),
    }))
      for (let day = 0; day < holiday.days; day += 1) {
        const date = addDays(first, day);
        if (date >= span.firstDate && date <= span.lastDate && !names.has(date))
          names.set(date, holiday.name);
      }
  return names;
}

function firstDates(holiday: Holiday, span: DateSpan): readonly string[] {
  switch (holiday.kind) {
    case 'date':
      return [holiday.firstDate];
    case 'yearly':
      return yearlyDates(holiday, span);
    case 'lunar':
      return lunarDates(
        {
          kind: 'lunar',
          months: [holiday.month],
          days: [holiday.day],
          inLeapMonths: false,
          shiftDays: holiday.shiftDays,
        },
        span,
      );
  }
}

function yearlyDates({ month, day }: { month: number; day: number }, span: DateSpan): readonly string[] {
  const dates: string[] = [];
  for (let year = Number(span.firstDate.slice(0, 4)); year <= Number(span.lastDate.slice(0, 4)); year += 1) {
    const { daysInMonth } = Temporal.PlainYearMonth.from({ year, month });
    if (day <= daysInMonth) dates.push(Temporal.PlainDate.from({ year, month, day }).toString());
  }
  return dates;
}
