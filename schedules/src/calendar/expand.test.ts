import { describe, expect, it } from 'vitest';
import { aSeries } from '../builders.ts';
import type { Series } from '../series/series.ts';
import { localMomentOf } from './civil-time.ts';
import { expand } from './expand.ts';
import type { HolidayTable } from './holiday.ts';

const tet: HolidayTable = {
  id: 'le-tet',
  name: 'Lễ, Tết',
  holidays: [
    { kind: 'lunar', name: 'Tết Nguyên đán', month: 1, day: 1, shiftDays: -1, days: 5 },
    { kind: 'yearly', name: 'Ngày Quốc khánh', month: 9, day: 2, days: 1 },
    { kind: 'yearly', name: 'Ngày nhuận', month: 2, day: 29, days: 1 },
    { kind: 'date', name: 'Nghỉ bù', firstDate: '2026-09-03', days: 2 },
  ],
};
const other = aSeries({ id: 'ser_2', title: 'Chúc Tết', plannedMs: 5000 });

/** Returns the local starts of a series between two dates; a refused one is followed by its reason. */
function starts(series: Series, firstDate: string, lastDate: string): readonly string[] {
  const data = { seriesById: new Map([['ser_2', other]]), holidayTables: new Map([['le-tet', tet]]) };
  return expand(series, { firstDate, lastDate }, data).map(({ startsAtMs, refusal, series: { id } }) => {
    const { date, clock } = localMomentOf(startsAtMs, series.timeZone);
    return [`${date} ${clock}`, ...(refusal ? [refusal.code] : []), ...(id === series.id ? [] : [id])].join(
      ' ',
    );
  });
}
const all2026 = { firstDate: '2026-01-01', approved: { firstDate: '2026-01-01', lastDate: '2029-12-31' } };
const lunar = (rule: object) =>
  aSeries({
    ...all2026,
    rule: { kind: 'lunar', months: 'every', days: [1], inLeapMonths: true, shiftDays: 0, ...rule },
  });

describe('S-5 lunar rules', () => {
  it('mùng một and rằm fall twice a lunar month', () => {
    expect(starts(lunar({ days: [1, 15] }), '2026-02-01', '2026-03-31')).toEqual([
      '2026-02-02 05:00', // rằm tháng Chạp
      '2026-02-17 05:00', // Tết
      '2026-03-03 05:00',
      '2026-03-19 05:00',
    ]);
  });

  it('a yearly lunar date moves through the solar year', () => {
    expect(starts(lunar({ months: [3], days: [10] }), '2026-01-01', '2027-12-31')).toEqual([
      '2026-04-26 05:00', // Giỗ Tổ Hùng Vương
      '2027-04-16 05:00',
    ]);
  });

  it('the eve of Tết is the day before, whether its month has 29 or 30 days', () => {
    expect(starts(lunar({ months: [1], days: [1], shiftDays: -1 }), '2026-01-01', '2027-12-31')).toEqual([
      '2026-02-16 05:00',
      '2027-02-05 05:00',
    ]);
  });

  it('a leap month counts only where the rule says so', () => {
    const [from, until] = ['2028-06-01', '2028-08-31']; // 2028 has two fifth months
    expect(starts(lunar({ months: [5] }), from, until)).toEqual(['2028-06-23 05:00']);
    expect(starts(lunar({ months: [5], inLeapMonths: false }), '2028-05-01', until)).toHaveLength(1);
    expect(starts(lunar({ months: [5] }), '2028-05-01', until)).toHaveLength(2);
  });

  it('a month of 29 days has no 30th', () => {
    expect(starts(lunar({ days: [30] }), '2026-01-01', '2026-12-31').length).toBeLessThan(12);
    expect(starts(lunar({ months: [12], days: [30] }), '2026-02-01', '2026-02-28')).toEqual([]);
  });
});

describe('S-6 a person may take out, move or add a date', () => {
  const series = (exceptions: Series['exceptions']) => aSeries({ ...all2026, exceptions: exceptions ?? [] });
  it('what is taken out says so', () => {
    expect(
      starts(series([{ kind: 'cancel', at: '2026-01-06T05:00:00' }]), '2026-01-05', '2026-01-07'),
    ).toEqual(['2026-01-05 05:00', '2026-01-06 05:00 excluded', '2026-01-07 05:00']);
  });

  it('what is moved sounds at its new time and stays the occurrence of its own date', () => {
    const moved = series([{ kind: 'move', at: '2026-01-06T05:00:00', to: '2026-01-08T17:00:00' }]);
    expect(starts(moved, '2026-01-06', '2026-01-06')).toEqual(['2026-01-08 17:00']);
    expect(starts(moved, '2026-01-08', '2026-01-08')).toEqual(['2026-01-08 17:00', '2026-01-08 05:00']);
  });

  it('a date that the rule does not have cannot be moved', () => {
    expect(
      starts(
        series([{ kind: 'move', at: '2026-01-06T06:00:00', to: '2026-01-08T17:00:00' }]),
        '2026-01-08',
        '2026-01-08',
      ),
    ).toEqual(['2026-01-08 05:00']);
  });

  it('what is added sounds as well, once', () => {
    const added = series([
      { kind: 'add', at: '2026-01-06T17:00:00' },
      { kind: 'add', at: '2026-01-06T05:00:00' },
    ]);
    expect(starts(added, '2026-01-06', '2026-01-06')).toEqual(['2026-01-06 05:00', '2026-01-06 17:00']);
    expect(starts(added, '2026-01-07', '2026-01-07')).toEqual(['2026-01-07 05:00']);
  });

  it('a move beyond the approved dates is not approved', () => {
    const moved = aSeries({
      approved: { firstDate: '2026-01-01', lastDate: '2026-01-07' },
      exceptions: [{ kind: 'move', at: '2026-01-06T05:00:00', to: '2026-01-08T05:00:00' }],
    });
    expect(starts(moved, '2026-01-06', '2026-01-06')).toEqual(['2026-01-08 05:00 not-approved']);
  });
});

describe('S-7 on holidays a series skips, moves or is replaced', () => {
  const series = (onHolidays: Series['onHolidays'], rest: Partial<Series> = {}) =>
    aSeries({ ...all2026, ...(onHolidays ? { onHolidays } : {}), ...rest });
  it('it skips them and names them', () => {
    const skipping = series({ tableId: 'le-tet', action: { kind: 'skip' } });
    expect(starts(skipping, '2026-02-15', '2026-02-21')).toEqual([
      '2026-02-15 05:00',
      ...[16, 17, 18, 19, 20].map((day) => `2026-02-${day} 05:00 holiday`),
      '2026-02-21 05:00',
    ]);
    expect(starts(skipping, '2026-09-02', '2026-09-05')).toEqual([
      '2026-09-02 05:00 holiday',
      '2026-09-03 05:00 holiday',
      '2026-09-04 05:00 holiday',
      '2026-09-05 05:00',
    ]);
  });

  it('it moves past a run of holidays, also when the run began before the days asked for', () => {
    const weekly = { rule: { kind: 'weekly', days: [2] } } as const; // Tuesday 2026-02-17 is Tết
    const after = series({ tableId: 'le-tet', action: { kind: 'move', direction: 'after' } }, weekly);
    const before = series({ tableId: 'le-tet', action: { kind: 'move', direction: 'before' } }, weekly);
    expect(starts(after, '2026-02-21', '2026-02-23')).toEqual(['2026-02-21 05:00']);
    expect(starts(before, '2026-02-15', '2026-02-15')).toEqual(['2026-02-15 05:00']);
  });

  it('another series sounds in its place', () => {
    const replaced = series({ tableId: 'le-tet', action: { kind: 'replace', bySeriesId: 'ser_2' } });
    expect(starts(replaced, '2026-02-20', '2026-02-21')).toEqual([
      '2026-02-20 05:00 ser_2',
      '2026-02-21 05:00',
    ]);
  });

  it('a replacement that does not exist leaves the holiday silent', () => {
    const replaced = series({ tableId: 'le-tet', action: { kind: 'replace', bySeriesId: 'ser_9' } });
    expect(starts(replaced, '2026-02-20', '2026-02-20')).toEqual(['2026-02-20 05:00 holiday']);
  });

  it('a table that does not exist silences the series rather than guess', () => {
    const lost = series({ tableId: 'nowhere', action: { kind: 'skip' } });
    expect(starts(lost, '2026-02-20', '2026-02-20')).toEqual(['2026-02-20 05:00 no-calendar']);
  });

  it('a move finds no day when every day is a holiday', () => {
    const endless: HolidayTable = {
      ...tet,
      holidays: [{ kind: 'date', name: 'Dịch', firstDate: '2026-01-01', days: 365 }],
    };
    const moving = series({ tableId: 'le-tet', action: { kind: 'move', direction: 'after' } });
    const data = { seriesById: new Map(), holidayTables: new Map([['le-tet', endless]]) };
    const span = { firstDate: '2026-05-01', lastDate: '2026-05-01' };
    expect(expand(moving, span, data).map(({ refusal }) => refusal)).toEqual([
      { code: 'holiday', name: 'Dịch' },
    ]);
  });

  it('what a person moved or added is not moved again', () => {
    const skipping = series(
      { tableId: 'le-tet', action: { kind: 'skip' } },
      { exceptions: [{ kind: 'add', at: '2026-02-17T06:00:00' }] },
    );
    expect(starts(skipping, '2026-02-17', '2026-02-17')).toEqual([
      '2026-02-17 05:00 holiday',
      '2026-02-17 06:00',
    ]);
  });
});

describe('S-8 what is not approved, or not wanted by the commune, does not sound', () => {
  const sent = (choice: 'waiting' | 'accepted' | 'declined', broadcastClass: 'routine' | 'priority') =>
    aSeries({
      rules: { ...aSeries().rules, class: broadcastClass },
      sentFromAbove: { from: 'Đài tỉnh', choice },
    });
  it.each([
    [
      'a routine piece from above waits for the choice',
      sent('waiting', 'routine'),
      ['2026-01-05 05:00 waits-for-commune'],
    ],
    ['once accepted it sounds', sent('accepted', 'routine'), ['2026-01-05 05:00']],
    ['once declined it does not', sent('declined', 'routine'), ['2026-01-05 05:00 declined']],
    ['a priority piece does not wait', sent('waiting', 'priority'), ['2026-01-05 05:00']],
    ['without approval nothing sounds', aSeries({ approved: null }), ['2026-01-05 05:00 not-approved']],
  ])('%s', (_, series, expected) => {
    expect(starts(series, '2026-01-05', '2026-01-05')).toEqual(expected);
  });
});
