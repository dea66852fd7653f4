import { describe, expect, it } from 'vitest';
import { comparePrecedence } from '../broadcast-class.ts';
import { aPolicy, aSeries, VIET_NAM } from '../builders.ts';
import { instantOf } from '../calendar/civil-time.ts';
import { compile } from '../plan/compile.ts';
import { ROUTINE_RULES } from '../play-rules.ts';
import type { Series } from '../series/series.ts';

const day = {
  fromMs: instantOf('2026-01-05', '00:00', VIET_NAM),
  untilMs: instantOf('2026-01-06', '00:00', VIET_NAM),
};
const rules = ROUTINE_RULES;
const ten = 10 * 60_000;

/** Each series plays ten minutes on Monday; returns the conflicts as text. */
function meetings(...series: readonly Partial<Series>[]) {
  const { conflicts } = compile({
    series: series.map((one, index) => aSeries({ id: `ser_${index}`, plannedMs: ten, ...one })),
    policies: new Map([
      ['thon-1', aPolicy()],
      ['thon-2', aPolicy()],
    ]),
    nowMs: day.fromMs,
    horizon: day,
    known: [],
  });
  return conflicts.map(({ firstId, secondId, reason }) => {
    const name = (id: string) => id.split('~')[1];
    return `${name(secondId)} ${reason.code} ${name(firstId)}`;
  });
}

describe('S-25 two starts that want one horn are shown', () => {
  it('one after the other is no conflict', () => {
    expect(meetings({}, { localTime: '05:10:00' })).toEqual([]);
  });

  it('the same minute on two clusters is no conflict', () => {
    expect(meetings({}, { clusterIds: ['thon-2'] })).toEqual([]);
  });

  it('a routine sound waits for the one before it', () => {
    expect(meetings({}, { localTime: '05:05:00' })).toEqual(['ser_1 waits ser_0']);
  });

  it('a third waits for both', () => {
    expect(meetings({}, { localTime: '05:05:00' }, { localTime: '05:15:00' })).toEqual([
      'ser_1 waits ser_0',
      'ser_2 waits ser_1',
    ]);
  });

  it('what may not wait that long gives way and holds nobody up', () => {
    const impatient = {
      localTime: '05:05:00',
      rules: { ...rules, start: { kind: 'wait', maxWaitMs: 1000 } },
    } as const;
    expect(meetings({}, impatient, { localTime: '05:10:00' })).toEqual(['ser_1 gives-way ser_0']);
  });

  it('an emergency pre-empts', () => {
    expect(meetings({}, { localTime: '05:05:00', rules: { ...rules, class: 'emergency' } })).toEqual([
      'ser_1 pre-empts ser_0',
    ]);
  });

  it('of equal starts, what goes before has the horn', () => {
    expect(meetings({}, { rules: { ...rules, rank: 60 } })).toEqual(['ser_0 waits ser_1']);
  });

  it('what waits beyond the hours does not begin', () => {
    expect(meetings({ localTime: '20:45:00' }, { localTime: '20:50:00' })).toEqual([
      'ser_1 waits ser_0',
      'ser_1 quiet-hours ser_0',
    ]);
  });

  it('what has begun goes on where the policy has gone since', () => {
    const series = ['ser_0', 'ser_1'].map((id) => aSeries({ id, plannedMs: ten }));
    const input = { series, nowMs: day.fromMs, horizon: day, known: [] };
    const { occurrences } = compile({ ...input, policies: new Map([['thon-1', aPolicy()]]) });
    const nowMs = instantOf('2026-01-05', '05:05', VIET_NAM);
    const after = compile({ ...input, nowMs, known: occurrences, policies: new Map() });
    expect(after.occurrences).toEqual(occurrences);
    expect(after.conflicts.map(({ reason }) => reason.code)).toEqual(['waits']);
  });

  it('two equal priority broadcasts are left to a person', () => {
    const priority = { rules: { ...rules, class: 'priority' } } as const;
    expect(meetings(priority, priority)).toEqual(['ser_1 needs-choice ser_0']);
  });
});

describe('S-20 which goes before', () => {
  it('class first, then rank', () => {
    const all = [
      { class: 'routine', rank: 99 },
      { class: 'emergency', rank: 0 },
      { class: 'priority', rank: 10 },
      { class: 'priority', rank: 9 },
    ] as const;
    expect(all.toSorted(comparePrecedence).map(({ class: c, rank }) => `${c} ${rank}`)).toEqual([
      'routine 99',
      'priority 9',
      'priority 10',
      'emergency 0',
    ]);
  });
});
