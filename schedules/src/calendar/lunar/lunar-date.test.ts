import { describe, expect, it } from 'vitest';
import { lunarDateOf, lunarMonthsBetween } from './lunar-date.ts';

const months = lunarMonthsBetween('1968-01-01', '2100-12-31');

describe('S-4 the Vietnamese lunar calendar, at UTC+7', () => {
  it.each([
    ['1968-01-29', 'a day before China'],
    ['1985-01-21', 'a month before China'],
    ['2007-02-17', 'a day before China'],
    ['2030-02-02', 'a day before China'],
    ['2053-02-18', 'a day before China'],
    ['2024-02-10', 'as in China'],
    ['2025-01-29', 'as in China'],
    ['2026-02-17', 'as in China'],
  ])('Tết falls on %s, %s', (date) => {
    expect(lunarDateOf(date)).toEqual({ year: Number(date.slice(0, 4)), month: 1, isLeap: false, day: 1 });
  });

  it('leap months are those of the published calendar', () => {
    const leaps = months.filter(({ isLeap, year }) => isLeap && year >= 1984 && year <= 2036);
    expect(leaps.map(({ year, month }) => `${year}:${month}`).join(' ')).toBe(
      '1985:2 1987:7 1990:5 1993:3 1995:8 1998:5 2001:4 2004:2 2006:7 2009:5 2012:4 2014:9 2017:6 2020:4 2023:2 2025:6 2028:5 2031:3 2033:11 2036:6',
    );
  });

  it('a leap month repeats the number of the month before it', () => {
    expect(lunarDateOf('2025-07-24')).toEqual({ year: 2025, month: 6, isLeap: false, day: 30 });
    expect(lunarDateOf('2025-07-25')).toEqual({ year: 2025, month: 6, isLeap: true, day: 1 });
    expect(lunarDateOf('2025-08-23')).toEqual({ year: 2025, month: 7, isLeap: false, day: 1 });
  });

  it('the eleventh and twelfth months belong to the year that Tết ends', () => {
    expect(lunarDateOf('2026-02-16')).toEqual({ year: 2025, month: 12, isLeap: false, day: 29 });
  });

  it('every month has 29 or 30 days and the next one follows it', () => {
    for (const [index, month] of months.entries()) {
      expect([29, 30]).toContain(month.length);
      const next = months[index + 1];
      if (next)
        expect(Temporal.PlainDate.from(month.firstDate).add({ days: month.length }).toString()).toBe(
          next.firstDate,
        );
    }
  });

  it('every year has twelve months in order, and at most one leap month', () => {
    for (const [year, ofYear] of Map.groupBy(months, (month) => month.year)) {
      if (year < 1968 || year > 2099) continue;
      expect(ofYear.filter(({ isLeap }) => !isLeap).map(({ month }) => month)).toEqual([
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
      ]);
      expect(ofYear.length).toBeLessThanOrEqual(13);
    }
  });
});
