import { describe, expect, it } from 'vitest';
import { aPolicy, aSeries, VIET_NAM } from '../builders.ts';
import { instantOf, localMomentOf } from '../calendar/civil-time.ts';
import { compile } from '../plan/compile.ts';
import type { Occurrence } from '../plan/occurrence.ts';
import { editNotice } from './edit-notice.ts';
import { editFollowing, editSeries, editThis } from './edits.ts';
import type { Series } from './series.ts';

const at = (day: number, time = '00:00') => instantOf(`2026-01-0${day}`, time, VIET_NAM);
/** Monday 5 to Wednesday 7 January. */
function run(series: readonly Series[], known: readonly Occurrence[] = [], nowMs = at(5)) {
  const horizon = { fromMs: at(5), untilMs: at(8) };
  return compile({ series, policies: new Map([['thon-1', aPolicy()]]), nowMs, horizon, known });
}
const starts = (compiled: ReturnType<typeof run>) =>
  compiled.occurrences.map(({ startsAtMs }) => {
    const { date, clock } = localMomentOf(startsAtMs, VIET_NAM);
    return `${date.slice(8)} ${clock}`;
  });
const sortedIds = (compiled: ReturnType<typeof run>) => compiled.occurrences.map(({ id }) => id).sort();

const daily = aSeries();
const before = run([daily]);

describe('S-10 an edit of this one, of this and following, of the whole series', () => {
  it('this one: taken out, the others stay', () => {
    const after = run([editThis(daily, '2026-01-06T05:00:00', { kind: 'cancel' })], before.occurrences);
    expect(starts(after)).toEqual(['05 05:00', '07 05:00']);
    expect(after.withdrawn).toEqual([before.occurrences[1]?.id]);
  });

  it('this one: moved to another day, it keeps its id', () => {
    const moved = editThis(daily, '2026-01-06T05:00:00', { kind: 'move', to: '2026-01-07T17:00:00' });
    const after = run([moved], before.occurrences);
    expect(starts(after)).toEqual(['05 05:00', '07 05:00', '07 17:00']);
    expect(sortedIds(after)).toEqual(sortedIds(before));
  });

  it('this one: a second change replaces the first', () => {
    const moved = editThis(daily, '2026-01-06T05:00:00', { kind: 'move', to: '2026-01-06T17:00:00' });
    const back = editThis(moved, '2026-01-06T05:00:00', { kind: 'move', to: '2026-01-06T05:00:00' });
    expect(run([back], run([moved], before.occurrences).occurrences)).toEqual(before);
  });

  it('this and following: the old series ends the day before, the new one goes on, the ids stay', () => {
    const pair = editFollowing(daily, '2026-01-06', { localTime: '17:00:00' }, 'ser_2');
    const after = run(pair, before.occurrences);
    expect(starts(after)).toEqual(['05 05:00', '06 17:00', '07 17:00']);
    expect(sortedIds(after)).toEqual(sortedIds(before));
    expect(after.occurrences.map(({ seriesId }) => seriesId)).toEqual(['ser_1', 'ser_2', 'ser_2']);
  });

  it('this and following: each half takes its own changed dates along', () => {
    const changed = ['2026-01-05T05:00:00', '2026-01-07T05:00:00'].reduce<Series>(
      (series, date) => editThis(series, date, { kind: 'cancel' }),
      daily,
    );
    const pair = editFollowing(changed, '2026-01-06', { localTime: '17:00:00' }, 'ser_2');
    expect(starts(run(pair))).toEqual(['06 17:00']);
  });

  it('this and following from the first date on is the whole series', () => {
    expect(editFollowing(daily, '2026-01-05', { localTime: '17:00:00' }, 'ser_2')).toEqual([
      { ...daily, localTime: '17:00:00' },
    ]);
  });

  it('this and following: a count goes on, it does not begin again', () => {
    const three = aSeries({ rule: { kind: 'rrule', rrule: 'COUNT=3;FREQ=DAILY' } });
    const pair = editFollowing(three, '2026-01-06', { localTime: '17:00:00' }, 'ser_2');
    expect(pair.map(({ rule, lastDate }) => [rule, lastDate])).toEqual([
      [{ kind: 'rrule', rrule: 'FREQ=DAILY' }, '2026-01-05'],
      [{ kind: 'rrule', rrule: 'FREQ=DAILY' }, '2026-01-07'],
    ]);
    const never = aSeries({ rule: { kind: 'rrule', rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2' } });
    expect(editFollowing(never, '2026-01-06', {}, 'ser_2')[1]?.lastDate).toBe('2026-01-05');
    const uncounted = aSeries({ rule: { kind: 'rrule', rrule: 'FREQ=DAILY' } });
    expect(editFollowing(uncounted, '2026-01-06', {}, 'ser_2')[1]?.lastDate).toBeNull();
  });

  it('the whole series: a new time takes the changed dates along, but not those added', () => {
    const changed = editThis(
      { ...daily, exceptions: [{ kind: 'add', at: '2026-01-05T11:00:00' }] },
      '2026-01-06T05:00:00',
      {
        kind: 'cancel',
      },
    );
    expect(starts(run([editSeries(changed, { localTime: '17:00:00' })]))).toEqual([
      '05 11:00',
      '05 17:00',
      '07 17:00',
    ]);
  });
});

describe('S-11 what an edit does to an occurrence that has begun, is due, or is held without a link', () => {
  it.each([
    ['it has begun', at(5, '05:00'), 0, { code: 'edit-begun' }],
    ['it is due within the minute', at(5, '04:59'), 0, { code: 'edit-due' }],
    ['a box without a link holds it', at(5, '04:00'), 2, { code: 'edit-held', boxes: 2 }],
    ['none of these', at(5, '04:00'), 0, { code: 'edit-free' }],
  ] as const)('%s', (_, nowMs, boxes, notice) => {
    expect(editNotice({ startsAtMs: at(5, '05:00') }, nowMs, boxes)).toEqual(notice);
  });

  it('an edit at the last second keeps the id, so that a box that hears too late does not play again', () => {
    const after = run([editSeries(daily, { localTime: '05:30:00' })], before.occurrences, at(5, '05:00') - 1);
    expect(after.occurrences[0]).toMatchObject({ id: before.occurrences[0]?.id, startsAtMs: at(5, '05:30') });
  });
});
