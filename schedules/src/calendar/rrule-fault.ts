import type { Fault } from '../fault.ts';
import { isRrule } from './rrule.ts';

/** At most this many starts a day: a rule for each second is a mistake or an attack. */
const MAX_STARTS_A_DAY = 24;
const MAX_LENGTH = 500;
const DAY = '(?:MO|TU|WE|TH|FR|SA|SU)';

/** What each part of an RRULE may hold (RFC 5545 §3.3.10), as far as a loudspeaker needs it: no BYWEEKNO, and no place beyond the fifth. Counts are bounded so that expansion is. */
const PARTS = new Map<string, readonly [isGood: (value: string) => boolean, wanted: string]>([
  ['FREQ', [(value) => /^(?:DAILY|WEEKLY|MONTHLY|YEARLY)$/.test(value), 'DAILY, WEEKLY, MONTHLY or YEARLY']],
  ['INTERVAL', [(value) => isNumber(value, 1, 1000), '1 to 1000']],
  ['COUNT', [(value) => isNumber(value, 1, 1000), '1 to 1000']],
  ['WKST', [(value) => new RegExp(`^${DAY}$`).test(value), 'a weekday such as MO']],
  [
    'BYDAY',
    [
      list((value) => new RegExp(`^(?:[+-]?[1-5])?${DAY}$`).test(value)),
      'weekdays such as MO, 1SU or -1FR, the fifth at most',
    ],
  ],
  ['BYMONTH', [list((value) => isNumber(value, 1, 12)), 'months, 1 to 12']],
  ['BYMONTHDAY', [signedList(31), 'days of the month, 1 to 31, or -1 to -31 from its end']],
  ['BYYEARDAY', [signedList(366), 'days of the year, 1 to 366, or -1 to -366 from its end']],
  ['BYSETPOS', [signedList(31), 'places, 1 to 31, or -1 to -31 from the end']],
  ['BYHOUR', [list((value) => isNumber(value, 0, 23)), 'hours, 0 to 23']],
  ['BYMINUTE', [list((value) => isNumber(value, 0, 59)), 'minutes, 0 to 59']],
]);

/** Parts that RFC 5545 allows together and nobody needs: the library's answer was seen to depend on the span it is asked for. */
const CLASHES = [
  ['BYYEARDAY', 'BYDAY'],
  ['BYYEARDAY', 'BYMONTHDAY'],
  ['BYYEARDAY', 'BYMONTH'],
] as const;

/** Returns what is wrong with an RRULE, or `undefined`. The end of a series is its last date, so UNTIL has no place in it. */
export function rruleFault(rrule: string): Fault | undefined {
  const fault = (wanted: string, came: string): Fault => ({ field: 'rule.rrule', wanted, came });
  if (rrule.length > MAX_LENGTH) return fault(`at most ${MAX_LENGTH} characters`, `${rrule.length}`);
  const parts = rrule.split(';').map((part) => part.split('='));
  const values = new Map<string, string>();
  for (const [name = '', value = ''] of parts) {
    if (name === 'UNTIL') return fault('no UNTIL: give the last date of the series', rrule);
    const part = PARTS.get(name);
    if (!part) return fault(`parts of RFC 5545 among ${[...PARTS.keys()].join(', ')}`, name);
    const [isGood, wanted] = part;
    if (values.has(name) || !isGood(value)) return fault(`${name} once, with ${wanted}`, `${name}=${value}`);
    values.set(name, value);
  }
  const startsADay = ['BYHOUR', 'BYMINUTE'].reduce(
    (count, name) => count * (values.get(name) ?? '').split(',').length,
    1,
  );
  if (startsADay > MAX_STARTS_A_DAY)
    return fault(`at most ${MAX_STARTS_A_DAY} starts a day`, `${startsADay}`);
  const clash = CLASHES.find((names) => names.every((name) => values.has(name)));
  if (clash) return fault(`not both ${clash.join(' and ')}`, rrule);
  return isRrule(rrule) ? undefined : fault('parts that RFC 5545 allows together', rrule);
}

function list(isGood: (value: string) => boolean): (value: string) => boolean {
  return (value) => value.split(',').every(isGood);
}

function signedList(max: number): (value: string) => boolean {
  return list((value) => isNumber(value.replace(/^[+-]/, ''), 1, max));
}

function isNumber(value: string, min: number, max: number): boolean {
  return /^\d{1,4}$/.test(value) && Number(value) >= min && Number(value) <= max;
}
