import type { SkipReason } from '../reason/reason.ts';
import type { DateSpan, Series } from '../series/series.ts';
import { addDays } from './civil-time.ts';
import { holidaysOn } from './holiday.ts';
import type { CalendarData } from './slot.ts';

/** Where a date of a series ends up once holidays have been looked at, and what sounds there. */
export interface HolidayAnswer {
  readonly series: Series;
  readonly date: string;
  readonly refusal: SkipReason | null;
}

/** How far a holiday may push a date: longer than any run of holidays. */
export const REACH_DAYS = 31;

/** Returns what becomes of each date of a series, holidays considered; the span reaches as far around a date as it may move. */
export function holidayAnswers(
  series: Series,
  span: DateSpan,
  { seriesById, holidayTables }: CalendarData,
): (date: string) => HolidayAnswer {
  const choice = series.onHolidays;
  if (!choice) return (date) => ({ series, date, refusal: null });
  const { action, tableId } = choice;
  const table = holidayTables.get(tableId);
  if (!table) return (date) => ({ series, date, refusal: { code: 'no-calendar', tableId } });
  const names = holidaysOn(table, span);
  return (date) => {
    const name = names.get(date);
    if (name === undefined) return { series, date, refusal: null };
    const left = { series, date, refusal: { code: 'holiday', name } } as const;
    switch (action.kind) {
      case 'skip':
        return left;
      case 'move': {
        const free = freeDate(date, action.direction === 'before' ? -1 : 1, names);
        return free === undefined ? left : { series, date: free, refusal: null };
      }
      case 'replace': {
        const other = seriesById.get(action.bySeriesId);
        return other ? { series: other, date, refusal: null } : left;
      }
    }
  };
}

function freeDate(from: string, step: 1 | -1, holidays: ReadonlyMap<string, string>): string | undefined {
  for (let days = 1; days <= REACH_DAYS; days += 1) {
    const date = addDays(from, days * step);
    if (!holidays.has(date)) return date;
  }
  return undefined;
}
