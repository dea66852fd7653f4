import type { DateSpan, LunarRule } from '../../series/series.ts';
import { addDays } from '../civil-time.ts';
import { lunarMonthsBetween } from './lunar-date.ts';

/** Returns the dates of a span that a lunar rule chooses, earliest first. */
export function lunarDates(rule: LunarRule, { firstDate, lastDate }: DateSpan): readonly string[] {
  const unshifted = [addDays(firstDate, -rule.shiftDays), addDays(lastDate, -rule.shiftDays)] as const;
  const dates = lunarMonthsBetween(...unshifted)
    .filter(
      ({ month, isLeap }) =>
        (rule.months === 'every' || rule.months.includes(month)) && (!isLeap || rule.inLeapMonths),
    )
    .flatMap((month) =>
      rule.days
        .filter((day) => day <= month.length)
        .map((day) => addDays(month.firstDate, day - 1 + rule.shiftDays)),
    );
  return dates.filter((date) => date >= firstDate && date <= lastDate).sort();
}
