import { describe, expect, it } from 'vitest';
import type { Schedule } from './schedule.schema.ts';
import { nextStartMs, weekdaysOf } from './starts.ts';

const ZONE = 'Asia/Ho_Chi_Minh';
const at = (local: string) => Temporal.PlainDateTime.from(local).toZonedDateTime(ZONE).epochMilliseconds;
/** From Monday the 5th to Sunday the 25th. */
const daily: Schedule = {
  rule: { kind: 'daily' },
  firstDate: '2026-01-05',
  lastDate: '2026-01-25',
  localTime: '05:00:00',
};
const weekly = (...days: number[]): Schedule => ({ ...daily, rule: { kind: 'weekly', days } });
const once: Schedule = { ...daily, rule: { kind: 'once' }, lastDate: '2026-01-25' };

describe('the next start', () => {
  it.each<[string, Schedule, string, string | undefined]>([
    ['is the first one while that lies ahead', daily, '2025-12-01T00:00', '2026-01-05T05:00'],
    ['is today while the hour has not come', daily, '2026-01-10T04:59:59', '2026-01-10T05:00'],
    ['is tomorrow from the very instant on', daily, '2026-01-10T05:00', '2026-01-11T05:00'],
    ['is none after the last', daily, '2026-01-25T05:00', undefined],
    ['is the next chosen weekday', weekly(3), '2026-01-05T12:00', '2026-01-07T05:00'],
    [
      'is a week later when the only weekday is over today',
      weekly(1),
      '2026-01-05T12:00',
      '2026-01-12T05:00',
    ],
    ['is none when the chosen weekday does not come again', weekly(1), '2026-01-19T05:00', undefined],
    ['of a single one is that one', once, '2026-01-01T00:00', '2026-01-05T05:00'],
    ['of a single one is none when it is over', once, '2026-01-05T05:00', undefined],
  ])('%s', (_, schedule, now, wanted) => {
    expect(nextStartMs(schedule, ZONE, at(now))).toBe(wanted === undefined ? undefined : at(wanted));
  });
});

it('a schedule names only the weekdays on which it ever sounds', () => {
  expect(weekdaysOf(daily)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(weekdaysOf({ ...daily, lastDate: '2026-01-06' })).toEqual([1, 2]);
  expect(weekdaysOf(weekly(7, 2))).toEqual([2, 7]);
  expect(weekdaysOf({ ...weekly(5, 1), lastDate: '2026-01-06' })).toEqual([1]);
  expect(weekdaysOf(once)).toEqual([1]);
});
