import { isDate, isLocalTime, isTimeZone } from '../calendar/civil-time.ts';
import { rruleFault } from '../calendar/rrule-fault.ts';
import { everFires } from '../calendar/rule-dates.ts';
import type { Fault } from '../fault.ts';
import { PART_ID } from '../plan/occurrence.ts';
import type { Series, SeriesException, SeriesRule } from './series.ts';

/** The longest sound that can be planned: one day. */
const MAX_PLANNED_MS = 86_400_000;

/** Returns what is wrong with a series, or nothing. `compile` and the rest take series without faults. */
export function seriesFaults(series: Series): readonly Fault[] {
  const faults: Fault[] = [];
  const want = (holds: boolean, field: string, wanted: string, came: unknown) => {
    if (!holds) faults.push({ field, wanted, came: String(came) });
  };
  const { id, rootId, clusterIds, rule, timeZone, firstDate, lastDate, localTime, plannedMs } = series;
  for (const [field, value] of Object.entries({ id, rootId }))
    want(PART_ID.test(value), field, '1 to 50 of A-Z a-z 0-9 _ . -', value);
  for (const [index, clusterId] of clusterIds.entries())
    want(PART_ID.test(clusterId), `clusterIds[${index}]`, '1 to 50 of A-Z a-z 0-9 _ . -', clusterId);
  want(clusterIds.length > 0, 'clusterIds', 'at least one cluster', 'none');
  want(isTimeZone(timeZone), 'timeZone', 'a time zone such as Asia/Ho_Chi_Minh', timeZone);
  want(isDate(firstDate), 'firstDate', 'a date YYYY-MM-DD', firstDate);
  if (lastDate !== null) {
    want(isDate(lastDate), 'lastDate', 'a date YYYY-MM-DD', lastDate);
    want(lastDate >= firstDate, 'lastDate', `no day before ${firstDate}`, lastDate);
  }
  want(isLocalTime(localTime), 'localTime', 'a time HH:MM:SS', localTime);
  const isLength = Number.isInteger(plannedMs) && plannedMs >= 0 && plannedMs <= MAX_PLANNED_MS;
  want(isLength, 'plannedMs', `whole milliseconds, 0 to ${MAX_PLANNED_MS}`, plannedMs);
  faults.push(...ruleFaults(rule));
  faults.push(...(series.exceptions ?? []).flatMap(exceptionFaults));
  const hasDates = (series.exceptions ?? []).some(({ kind }) => kind === 'add');
  if (faults.length === 0 && !hasDates)
    want(
      everFires(series),
      'rule',
      'a rule that falls on at least one date of the series',
      'one that never does',
    );
  return faults;
}

function ruleFaults(rule: SeriesRule): readonly Fault[] {
  switch (rule.kind) {
    case 'weekly':
      return numbers(rule.days, 'rule.days', 1, 7, 'weekdays from 1 (Monday) to 7 (Sunday)');
    case 'lunar':
      return [
        ...numbers(rule.days, 'rule.days', 1, 30, 'lunar days from 1 to 30'),
        ...(rule.months === 'every'
          ? []
          : numbers(rule.months, 'rule.months', 1, 12, 'lunar months from 1 to 12')),
        ...numbers([rule.shiftDays], 'rule.shiftDays', -30, 30, 'a shift of -30 to 30 days'),
      ];
    case 'rrule':
      return [rruleFault(rule.rrule)].filter((fault) => fault !== undefined);
    default:
      return [];
  }
}

function numbers(
  values: readonly number[],
  field: string,
  min: number,
  max: number,
  wanted: string,
): readonly Fault[] {
  const isGood =
    values.length > 0 && values.every((value) => Number.isInteger(value) && value >= min && value <= max);
  return isGood ? [] : [{ field, wanted, came: values.join() || 'none' }];
}

function exceptionFaults(exception: SeriesException, index: number): readonly Fault[] {
  const { kind: _, ...times } = exception;
  return Object.entries(times)
    .filter(([, time]) => !isDate(time.slice(0, 10)) || time[10] !== 'T' || !isLocalTime(time.slice(11)))
    .map(([name, time]) => ({
      field: `exceptions[${index}].${name}`,
      wanted: 'a local time YYYY-MM-DDTHH:MM:SS',
      came: time,
    }));
}
