import { describe, expect, it } from 'vitest';
import { aSeries } from '../builders.ts';
import { occurrenceIdOf } from '../plan/occurrence.ts';
import { seriesFaults } from './series-faults.ts';

const lunar = { kind: 'lunar', months: [1], days: [1, 15], inLeapMonths: false, shiftDays: -1 } as const;

describe('S-32 a bad series is named field by field (P12)', () => {
  it.each([
    aSeries(),
    aSeries({ lastDate: '2026-01-05' }),
    aSeries({ rule: { kind: 'weekly', days: [1, 7] } }),
    aSeries({ plannedMs: 0, firstDate: '2028-02-29' }),
    aSeries({ rule: lunar }),
    aSeries({ rule: { ...lunar, months: 'every' } }),
  ])('a good one has no faults', (series) => {
    expect(seriesFaults(series)).toEqual([]);
  });

  it.each([
    ['an id that would break the occurrence’s', { id: 'a~b' }, ['id', 'rootId']],
    ['a root id that is empty', { rootId: '' }, ['rootId']],
    ['a cluster id with a space', { clusterIds: ['thon-1', 'thon 2'] }, ['clusterIds[1]']],
    ['no cluster at all', { clusterIds: [] }, ['clusterIds']],
    ['an unknown zone', { timeZone: 'Asia/Hanoi2' }, ['timeZone']],
    ['a day that does not exist', { firstDate: '2026-02-29' }, ['firstDate']],
    ['a date in another form', { firstDate: '5/1/2026' }, ['firstDate']],
    ['an end before its start', { lastDate: '2026-01-04' }, ['lastDate']],
    ['an end that is no date', { lastDate: 'tomorrow' }, ['lastDate']],
    ['a time without seconds', { localTime: '05:00' }, ['localTime']],
    ['a time beyond the day', { localTime: '24:00:00' }, ['localTime']],
    ['a negative length', { plannedMs: -1 }, ['plannedMs']],
    ['half a millisecond', { plannedMs: 0.5 }, ['plannedMs']],
    ['longer than a day', { plannedMs: 86_400_001 }, ['plannedMs']],
    ['a week without days', { rule: { kind: 'weekly', days: [] } }, ['rule.days']],
    ['a thirteenth lunar month', { rule: { ...lunar, months: [13] } }, ['rule.months']],
    ['a 31st lunar day', { rule: { ...lunar, days: [31] } }, ['rule.days']],
    ['a shift of a year', { rule: { ...lunar, shiftDays: 365 } }, ['rule.shiftDays']],
    [
      'a changed date without a time',
      { exceptions: [{ kind: 'cancel', at: '2026-01-05' }] },
      ['exceptions[0].at'],
    ],
    [
      'a move to a date that does not exist',
      { exceptions: [{ kind: 'move', at: '2026-01-05T05:00:00', to: '2026-02-30T05:00:00' }] },
      ['exceptions[0].to'],
    ],
    [
      'a date and a time that are not joined',
      { exceptions: [{ kind: 'add', at: '2026-01-05 05:00:00' }] },
      ['exceptions[0].at'],
    ],
    ['an eighth day', { rule: { kind: 'weekly', days: [8] } }, ['rule.days']],
    ['half a day', { rule: { kind: 'weekly', days: [1.5] } }, ['rule.days']],
  ] as const)('%s', (_, overrides, fields) => {
    expect(seriesFaults(aSeries(overrides)).map(({ field }) => field)).toEqual(fields);
  });

  it('a fault says what was wanted and what came', () => {
    expect(seriesFaults(aSeries({ localTime: '5 giờ' }))).toEqual([
      { field: 'localTime', wanted: 'a time HH:MM:SS', came: '5 giờ' },
    ]);
  });
});

describe('S-9 the name of an occurrence', () => {
  it('is cluster, root series and original start', () => {
    expect(
      occurrenceIdOf({ clusterId: 'thon-1', rootSeriesId: 'ser_1', originalStartMs: 1767564000000 }),
    ).toBe('thon-1~ser_1~1767564000000');
  });

  it('cannot be made of parts that two occurrences could share', () => {
    expect(() => occurrenceIdOf({ clusterId: 'a~b', rootSeriesId: 'c', originalStartMs: 1 })).toThrow(
      RangeError,
    );
  });
});
