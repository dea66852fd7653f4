import { describe, expect, it } from 'vitest';
import { aPolicy, aSeries, VIET_NAM } from '../builders.ts';
import { instantOf, localMomentOf } from '../calendar/civil-time.ts';
import { ROUTINE_RULES } from '../play-rules.ts';
import type { CompileInput } from './cluster-plan.ts';
import { compile } from './compile.ts';

const at = (text: string) => instantOf(text.slice(0, 10), text.slice(11), VIET_NAM);
const local = (ms: number) => {
  const { date, clock } = localMomentOf(ms, VIET_NAM);
  return `${date} ${clock}`;
};
const emergency = { ...ROUTINE_RULES, class: 'emergency', start: { kind: 'hard' } } as const;

/** Monday to Wednesday, seen from Monday at midnight. */
function run(overrides: Partial<CompileInput> = {}) {
  return compile({
    series: [aSeries()],
    policies: new Map([
      ['thon-1', aPolicy()],
      ['thon-2', aPolicy()],
    ]),
    nowMs: at('2026-01-05T00:00'),
    horizon: { fromMs: at('2026-01-05T00:00'), untilMs: at('2026-01-08T00:00') },
    known: [],
    ...overrides,
  });
}
const starts = (compiled: ReturnType<typeof run>) =>
  compiled.occurrences.map(({ startsAtMs }) => local(startsAtMs));
const ids = (compiled: ReturnType<typeof run>) => compiled.occurrences.map(({ id }) => id);
const codes = (compiled: ReturnType<typeof run>) => compiled.skips.map(({ reason }) => reason.code);

describe('S-1 which starts a rule gives', () => {
  it('a daily series sounds once on each local date', () => {
    expect(starts(run())).toEqual(['2026-01-05 05:00', '2026-01-06 05:00', '2026-01-07 05:00']);
  });

  it('a series that falls once sounds on its first date alone', () => {
    expect(starts(run({ series: [aSeries({ rule: { kind: 'once' }, firstDate: '2026-01-06' })] }))).toEqual([
      '2026-01-06 05:00',
    ]);
  });

  it('a weekly series goes by the local weekday, though it is still yesterday in UTC', () => {
    expect(starts(run({ series: [aSeries({ rule: { kind: 'weekly', days: [2] } })] }))).toEqual([
      '2026-01-06 05:00',
    ]);
  });

  it('the last date is included', () => {
    expect(starts(run({ series: [aSeries({ lastDate: '2026-01-06' })] }))).toEqual([
      '2026-01-05 05:00',
      '2026-01-06 05:00',
    ]);
  });

  it('a horizon holds its first millisecond and not its last', () => {
    const horizon = { fromMs: at('2026-01-05T05:00'), untilMs: at('2026-01-06T05:00') };
    expect(starts(run({ horizon }))).toEqual(['2026-01-05 05:00']);
  });

  it('an empty day gives nothing and no complaint', () => {
    expect(run({ series: [] })).toEqual({ occurrences: [], conflicts: [], skips: [], withdrawn: [] });
  });

  it('an occurrence is named by cluster, root series and original start', () => {
    expect(run().occurrences[0]).toEqual({
      id: `thon-1~ser_1~${at('2026-01-05T05:00')}`,
      clusterId: 'thon-1',
      seriesId: 'ser_1',
      rootSeriesId: 'ser_1',
      originalStartMs: at('2026-01-05T05:00'),
      startsAtMs: at('2026-01-05T05:00'),
      plannedMs: 60_000,
    });
  });

  it('a cluster named twice sounds once', () => {
    expect(starts(run({ series: [aSeries({ clusterIds: ['thon-1', 'thon-1'] })] }))).toHaveLength(3);
  });
});

describe('S-26 what does not sound, and why', () => {
  it('nothing sounds before it is approved', () => {
    const compiled = run({ series: [aSeries({ approved: null })] });
    expect(compiled.occurrences).toEqual([]);
    expect(codes(compiled)).toEqual(['not-approved', 'not-approved', 'not-approved']);
  });

  it('a date beyond the approved ones is left out', () => {
    const approved = { firstDate: '2026-01-05', lastDate: '2026-01-06' };
    const compiled = run({ series: [aSeries({ approved })] });
    expect(compiled.skips.map(({ reason }) => reason)).toEqual([
      { code: 'not-approved', date: '2026-01-07' },
    ]);
  });

  it('a cluster without a policy plays nothing', () => {
    expect(codes(run({ policies: new Map() }))).toEqual(['no-policy', 'no-policy', 'no-policy']);
  });

  it('a routine sound outside the hours is left out, an emergency is not', () => {
    expect(codes(run({ series: [aSeries({ localTime: '03:15:00' })] }))).toEqual(
      Array(3).fill('quiet-hours'),
    );
    expect(starts(run({ series: [aSeries({ localTime: '03:15:00', rules: emergency })] }))).toHaveLength(3);
  });

  it('of more sessions than a day may have, the later ones are left out', () => {
    const series = ['05:00:00', '11:00:00', '17:00:00'].map((localTime, index) =>
      aSeries({ id: `ser_${index}`, localTime }),
    );
    const policies = new Map([['thon-1', aPolicy({ maxSessionsPerDay: 2 })]]);
    const compiled = run({ series, policies });
    expect(starts(compiled).slice(0, 3)).toEqual([
      '2026-01-05 05:00',
      '2026-01-05 11:00',
      '2026-01-06 05:00',
    ]);
    expect(codes(compiled)).toEqual(['limit', 'limit', 'limit']);
  });

  it('a new series does not begin at a time that has passed', () => {
    const compiled = run({ nowMs: at('2026-01-05T05:00') });
    expect(starts(compiled)).toEqual(['2026-01-06 05:00', '2026-01-07 05:00']);
    expect(codes(compiled)).toEqual(['in-the-past']);
  });
});

describe('S-9 identity through edits (P4)', () => {
  const before = run();

  it('compiling again changes nothing', () => {
    expect(run({ known: before.occurrences })).toEqual(before);
  });

  it('an edit that moves the time keeps the ids', () => {
    const after = run({ series: [aSeries({ localTime: '06:00:00' })], known: before.occurrences });
    expect(ids(after)).toEqual(ids(before));
    expect(starts(after)).toEqual(['2026-01-05 06:00', '2026-01-06 06:00', '2026-01-07 06:00']);
    expect(after.withdrawn).toEqual([]);
  });

  it('a series that replaces another one keeps the ids by their common root', () => {
    const edited = aSeries({ id: 'ser_2', rootId: 'ser_1', localTime: '06:00:00' });
    const after = run({ series: [edited], known: before.occurrences });
    expect(ids(after)).toEqual(ids(before));
    expect(after.occurrences[0]?.seriesId).toBe('ser_2');
  });

  it('what has begun stays as it was and is not played again at the new time', () => {
    const after = run({
      series: [aSeries({ localTime: '06:00:00' })],
      known: before.occurrences,
      nowMs: at('2026-01-05T05:00'),
    });
    expect(starts(after)).toEqual(['2026-01-05 05:00', '2026-01-06 06:00', '2026-01-07 06:00']);
    expect(ids(after)).toEqual(ids(before));
    expect(codes(after)).toEqual(['already-begun']);
  });

  it('what has begun stays even when the day is no longer in the rule', () => {
    const after = run({
      series: [aSeries({ rule: { kind: 'weekly', days: [3] } })],
      known: before.occurrences,
      nowMs: at('2026-01-05T05:00'),
    });
    expect(ids(after)).toEqual([ids(before)[0], ids(before)[2]]);
    expect(after.withdrawn).toEqual([ids(before)[1]]);
  });

  it('an edit to a time that has passed withdraws the occurrence', () => {
    const after = run({
      series: [aSeries({ localTime: '04:45:00' })],
      known: before.occurrences,
      nowMs: at('2026-01-05T04:50'),
    });
    expect(codes(after)).toEqual(['in-the-past']);
    expect(after.withdrawn).toEqual([ids(before)[0]]);
  });

  it('an edit after the horizon has moved on still knows what began earlier that day', () => {
    const after = run({
      series: [aSeries({ localTime: '17:00:00' })],
      known: before.occurrences,
      nowMs: at('2026-01-05T12:00'),
      horizon: { fromMs: at('2026-01-05T11:00'), untilMs: at('2026-01-06T00:00') },
    });
    expect(starts(after)).toEqual([]);
    expect(codes(after)).toEqual(['already-begun']);
  });

  it('two members of one root that want the same start are refused, not merged', () => {
    const twin = aSeries({ id: 'ser_2', rootId: 'ser_1' });
    const compiled = run({ series: [aSeries(), twin] });
    expect(codes(compiled)).toEqual(['collision', 'collision', 'collision']);
    expect(starts(compiled)).toHaveLength(3);
  });

  it('what was withdrawn before its start has not begun: it does not come back late, and a later time may take its id', () => {
    const known = before.occurrences.map((one) => ({ ...one, isWithdrawn: true }));
    const nowMs = at('2026-01-05T05:02');
    const restored = run({ known, nowMs });
    expect(codes(restored)).toEqual(['in-the-past']);
    expect(ids(restored)).toEqual(ids(before).slice(1));
    expect(restored.withdrawn).toEqual([]);
    const later = run({ known, nowMs, series: [aSeries({ localTime: '06:00:00' })] });
    expect(ids(later)).toEqual(ids(before));
  });

  it('a deleted series is withdrawn', () => {
    expect(run({ series: [], known: before.occurrences }).withdrawn).toEqual(ids(before));
  });

  it('a cluster that is no longer a target is withdrawn, the others keep theirs', () => {
    const two = run({ series: [aSeries({ clusterIds: ['thon-1', 'thon-2'] })] });
    const after = run({ series: [aSeries({ clusterIds: ['thon-2'] })], known: two.occurrences });
    expect(ids(after)).toEqual(ids(two).slice(3));
    expect(after.withdrawn).toEqual(ids(two).slice(0, 3));
  });
});
