import { isDate, isLocalTime, isTimeZone } from '../calendar/civil-time.ts';
import type { Fault } from '../fault.ts';
import { PART_ID } from '../plan/occurrence.ts';
import type { Series } from './series.ts';

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
  if (rule.kind === 'weekly') {
    const isDays =
      rule.days.length > 0 && rule.days.every((day) => Number.isInteger(day) && day >= 1 && day <= 7);
    want(isDays, 'rule.days', 'weekdays from 1 (Monday) to 7 (Sunday), at least one', rule.days.join());
  }
  return faults;
}
