import { describe, expect, it } from 'vitest';
import { aPolicy, aSeries } from '../builders.ts';
import { compile } from '../plan/compile.ts';
import { instantOf, isDate } from './civil-time.ts';

/** Returns the UTC starts of a daily series in a zone, for five days. */
function starts(timeZone: string, firstDate: string, localTime: string): readonly string[] {
  const fromMs = instantOf(firstDate, '00:00', timeZone);
  const policy = aPolicy({ windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' }] });
  const { occurrences } = compile({
    series: [aSeries({ timeZone, firstDate, localTime, approved: { firstDate, lastDate: '2199-12-31' } })],
    policies: new Map([['thon-1', policy]]),
    nowMs: fromMs - 1,
    horizon: { fromMs, untilMs: fromMs + 3 * 86_400_000 },
    known: [],
  });
  return occurrences.map(({ startsAtMs }) => Temporal.Instant.fromEpochMilliseconds(startsAtMs).toString());
}

describe('S-2 wall clocks', () => {
  it('a time that a clock change skips moves on by the gap that day only', () => {
    expect(starts('Europe/Berlin', '2026-03-28', '02:30:00')).toEqual([
      '2026-03-28T01:30:00Z',
      '2026-03-29T01:30:00Z', // 03:30 in summer time: 02:30 does not exist
      '2026-03-30T00:30:00Z',
    ]);
  });

  it('a time that a clock change repeats sounds the first time only', () => {
    expect(starts('Europe/Berlin', '2026-10-24', '02:30:00').slice(0, 3)).toEqual([
      '2026-10-24T00:30:00Z',
      '2026-10-25T00:30:00Z',
      '2026-10-26T01:30:00Z',
    ]);
  });

  it('a zone half an hour apart is as good as any', () => {
    expect(starts('Asia/Kolkata', '2026-01-05', '05:00:00')[0]).toBe('2026-01-04T23:30:00Z');
  });

  it('the 29th of February is a day in leap years', () => {
    expect(starts('Asia/Ho_Chi_Minh', '2028-02-28', '05:00:00')).toEqual([
      '2028-02-27T22:00:00Z',
      '2028-02-28T22:00:00Z',
      '2028-02-29T22:00:00Z',
    ]);
    expect([isDate('2028-02-29'), isDate('2026-02-29'), isDate('2100-02-29')]).toEqual([true, false, false]);
  });
});
