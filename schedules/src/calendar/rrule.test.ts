import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aSeries } from '../builders.ts';
import { seriesFaults } from '../series/series-faults.ts';
import { localMomentOf } from './civil-time.ts';
import { expand } from './expand.ts';
import { rruleFault } from './rrule-fault.ts';
import { ruleTimes } from './rule-dates.ts';

const rule = (rrule: string, rest: Parameters<typeof aSeries>[0] = {}) =>
  aSeries({ rule: { kind: 'rrule', rrule }, ...rest });
const year = { firstDate: '2026-01-01', lastDate: '2026-12-31' };
/** The dates of 2026, without the year. */
const dates = (rrule: string, rest = {}) =>
  ruleTimes(rule(rrule, rest), year).map((time) => time.slice(5, time.endsWith('T05:00:00') ? 10 : 16));

const goodPart = fc.constantFrom(
  ...[
    'FREQ=DAILY',
    'FREQ=WEEKLY',
    'FREQ=MONTHLY',
    'FREQ=YEARLY',
    'INTERVAL=2',
    'INTERVAL=7',
    'COUNT=5',
    'WKST=SU',
  ],
  ...[
    'BYDAY=MO,-1FR',
    'BYDAY=SU',
    'BYDAY=5MO',
    'BYMONTH=2,3',
    'BYMONTHDAY=-31',
    'BYMONTHDAY=29,30',
    'BYYEARDAY=366',
  ],
  ...['BYSETPOS=-1', 'BYSETPOS=3', 'BYHOUR=4,5', 'BYMINUTE=59'],
);
const badPart = fc.oneof(fc.constantFrom('BYDAY=', '=', ''), fc.string({ maxLength: 12 }));
const someRrule = fc
  .uniqueArray(goodPart, { minLength: 1, maxLength: 5, selector: (part) => part.split('=')[0] })
  .map((parts) => parts.join(';'));

describe('S-3 recurrence rules of RFC 5545', () => {
  it.each([
    ['the second Tuesday of a month', 'FREQ=MONTHLY;BYDAY=2TU;COUNT=3', ['01-13', '02-10', '03-10']],
    ['the last Sunday of a month', 'FREQ=MONTHLY;BYDAY=-1SU;COUNT=2', ['01-25', '02-22']],
    ['the last day of a month', 'FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3', ['01-31', '02-28', '03-31']],
    ['the 31st, where there is one', 'FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3', ['01-31', '03-31', '05-31']],
    [
      'the last working day of a month',
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2',
      ['01-30', '02-27'],
    ],
    [
      'every other week from the first date',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;COUNT=3',
      ['01-05', '01-19', '02-02'],
    ],
    ['twice a day', 'FREQ=DAILY;BYHOUR=5,17;COUNT=3', ['01-05', '01-05T17:00', '01-06']],
    ['the first date need not be one of the rule', 'FREQ=WEEKLY;BYDAY=WE;COUNT=1', ['01-07']],
  ])('%s', (_, rrule, expected) => {
    expect(dates(rrule)).toEqual(expected);
  });

  it('the 29th of February falls in leap years only', () => {
    const decade = { firstDate: '2026-01-01', lastDate: '2036-12-31' };
    expect(
      ruleTimes(rule('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29'), decade).map((time) => time.slice(0, 10)),
    ).toEqual(['2028-02-29', '2032-02-29', '2036-02-29']);
  });

  it('the last date of the series is included, the day before the first is not', () => {
    expect(dates('FREQ=DAILY', { firstDate: '2026-01-05', lastDate: '2026-01-06' })).toEqual([
      '01-05',
      '01-06',
    ]);
  });

  it('nothing falls before the first date or after the last', () => {
    expect(dates('FREQ=DAILY', { firstDate: '2027-01-01' })).toEqual([]);
    expect(dates('FREQ=DAILY', { firstDate: '2025-01-01', lastDate: '2025-12-31' })).toEqual([]);
  });

  it('a time that a clock change skips moves on by the gap that day only', () => {
    const berlin = rule('FREQ=DAILY', { timeZone: 'Europe/Berlin', localTime: '02:30:00' });
    const data = { seriesById: new Map(), holidayTables: new Map() };
    const slots = expand(berlin, { firstDate: '2026-03-28', lastDate: '2026-03-30' }, data);
    expect(slots.map(({ startsAtMs }) => localMomentOf(startsAtMs, 'Europe/Berlin').clock)).toEqual([
      '02:30',
      '03:30',
      '02:30',
    ]);
  });

  it('a part of a span gives a part of the times, whatever the rule', () => {
    fc.assert(
      fc.property(someRrule, fc.nat({ max: 729 }), fc.nat({ max: 729 }), (rrule, a, b) => {
        fc.pre(rruleFault(rrule) === undefined);
        const dayOf = (count: number) =>
          Temporal.PlainDate.from('2026-01-01').add({ days: count }).toString();
        const span = { firstDate: dayOf(Math.min(a, b)), lastDate: dayOf(Math.max(a, b)) };
        const whole = ruleTimes(rule(rrule), { firstDate: '2026-01-01', lastDate: '2027-12-31' });
        expect(ruleTimes(rule(rrule), span)).toEqual(
          whole.filter((time) => time.slice(0, 10) >= span.firstDate && time.slice(0, 10) <= span.lastDate),
        );
      }),
    );
  });
});

describe('S-32 a bad recurrence rule is named', () => {
  it.each([
    ['nothing', ''],
    ['no rule at all', 'mỗi ngày'],
    ['no frequency', 'BYDAY=MO'],
    ['one that fires each second', 'FREQ=SECONDLY'],
    ['one that fires each minute of the day', 'FREQ=DAILY;BYHOUR=5,6;BYMINUTE=0,1,2,3,4,5,6,7,8,9,10,11,12'],
    ['an hour that does not exist', 'FREQ=DAILY;BYHOUR=25'],
    ['a part that does not exist', 'FREQ=DAILY;BYMOON=1'],
    ['a word that every object knows', 'toString'],
    ['a part given twice', 'FREQ=DAILY;FREQ=WEEKLY'],
    ['an end of its own', 'FREQ=DAILY;UNTIL=20261231'],
    ['an interval of nothing', 'FREQ=DAILY;INTERVAL=0'],
    ['a count without end', 'FREQ=DAILY;COUNT=100000'],
    ['a sixth-and-a-half weekday', 'FREQ=MONTHLY;BYDAY=9XX'],
    ['day 0 of a month', 'FREQ=MONTHLY;BYMONTHDAY=0'],
    ['a half of a list', 'FREQ=WEEKLY;BYDAY=MO,'],
    ['parts that do not go together', 'FREQ=WEEKLY;BYMONTHDAY=1'],
    ['parts that are answered differently for different spans', 'FREQ=YEARLY;BYYEARDAY=100;BYMONTH=4'],
    ['a week of the year', 'FREQ=YEARLY;BYWEEKNO=53'],
    ['the sixth Monday', 'FREQ=MONTHLY;BYDAY=6MO'],
    ['a very long one', `FREQ=DAILY;BYDAY=${'MO,'.repeat(200)}MO`],
  ])('%s', (_, rrule) => {
    expect(rruleFault(rrule)).toMatchObject({ field: 'rule.rrule' });
    expect(seriesFaults(rule(rrule)).map(({ field }) => field)).toEqual(['rule.rrule']);
  });

  it.each([
    ['the second Sunday of a week', rule('FREQ=WEEKLY;BYDAY=SU;BYSETPOS=2')],
    ['the 30th of February', rule('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30')],
    ['a weekday that the span does not hold', rule('FREQ=WEEKLY;BYDAY=SU', { lastDate: '2026-01-10' })],
    [
      'a single Sunday that is no Sunday',
      aSeries({ rule: { kind: 'weekly', days: [7] }, lastDate: '2026-01-10' }),
    ],
  ])('a rule that never fires: %s', (_, series) => {
    expect(seriesFaults(series)).toMatchObject([{ field: 'rule', came: 'one that never does' }]);
  });

  it('a rule that never fires gives nothing, and does not search for ever', () => {
    expect(dates('FREQ=WEEKLY;BYDAY=SU;BYSETPOS=2')).toEqual([]);
  });

  it('a rule that came past the check by another way gives nothing rather than stop every plan', () => {
    expect(dates('FREQ=SECONDLY')).toEqual([]);
  });

  it('dates that a person added are enough', () => {
    const added = rule('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', {
      exceptions: [{ kind: 'add', at: '2026-01-06T17:00:00' }],
    });
    expect(seriesFaults(added)).toEqual([]);
  });

  it('whatever is typed, the answer is a fault or a rule that expands', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(goodPart, badPart), { maxLength: 5 }), (parts) => {
        const rrule = parts.join(';');
        if (rruleFault(rrule)) return;
        const decade = { firstDate: '2026-01-01', lastDate: '2035-12-31' };
        expect(ruleTimes(rule(rrule), decade).length).toBeLessThanOrEqual(24 * 3652);
        expect(seriesFaults(rule(rrule)).length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });
});
