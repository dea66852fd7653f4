import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aPolicy, aSeries, VIET_NAM } from '../builders.ts';
import { instantOf } from '../calendar/civil-time.ts';
import { ROUTINE_RULES } from '../play-rules.ts';
import { checkPolicy } from '../policy/policy-check.ts';
import type { Series } from '../series/series.ts';
import { compile } from './compile.ts';
import type { Occurrence } from './occurrence.ts';

const MONDAY_MS = instantOf('2026-01-05', '00:00', VIET_NAM);
const HOUR_MS = 3_600_000;
const horizon = { fromMs: MONDAY_MS, untilMs: MONDAY_MS + 4 * 24 * HOUR_MS };
const CLUSTERS = ['thon-1', 'thon-2', 'thon-3'];

const someDays = fc.subarray([1, 2, 3, 4], { minLength: 1 });
const aTime = fc.integer({ min: 0, max: 47 }).map((half) => {
  const hour = String(Math.floor(half / 2)).padStart(2, '0');
  return `${hour}:${half % 2 ? '30' : '00'}:00`;
});
const anySeries = (id: string, rootId = id): fc.Arbitrary<Series> =>
  fc
    .record({
      clusterIds: fc.subarray(CLUSTERS, { minLength: 1 }),
      rule: fc.oneof(
        fc.constant({ kind: 'daily' } as const),
        fc.constant({ kind: 'once' } as const),
        someDays.map((days) => ({ kind: 'weekly', days }) as const),
      ),
      localTime: aTime,
      plannedMs: fc.integer({ min: 0, max: 90 * 60_000 }),
      rules: fc.record({
        class: fc.constantFrom('routine', 'priority', 'emergency'),
        rank: fc.integer({ min: 0, max: 99 }),
        start: fc.constantFrom({ kind: 'hard' } as const, { kind: 'make-next' } as const),
        end: fc.constant(ROUTINE_RULES.end),
        preempted: fc.constant(ROUTINE_RULES.preempted),
        late: fc.constant(ROUTINE_RULES.late),
      }),
    })
    .map((some) => aSeries({ id, rootId, ...some }));
const someSeries = fc.tuple(
  anySeries('ser_1'),
  anySeries('ser_2'),
  anySeries('ser_3'),
  anySeries('ser_4', 'ser_1'),
);
const policy = aPolicy({ maxSessionsPerDay: 3, maxMinutesPerSession: 60, maxMinutesPerDay: 120 });
const policies = new Map(CLUSTERS.map((clusterId) => [clusterId, policy]));

describe('S-26 whatever the series', () => {
  it('the same rules in another order give the same plan', () => {
    fc.assert(
      fc.property(someSeries, fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (series, order) => {
        const input = { policies, nowMs: MONDAY_MS, horizon, known: [] };
        const shuffled = order.flatMap((index) => series[index] ?? []);
        expect(compile({ ...input, series: shuffled })).toEqual(compile({ ...input, series }));
      }),
    );
  });

  it('compiling again with what is known changes nothing', () => {
    fc.assert(
      fc.property(someSeries, (series) => {
        const input = { series, policies, nowMs: MONDAY_MS, horizon };
        const plan = compile({ ...input, known: [] });
        expect(compile({ ...input, known: plan.occurrences })).toEqual(plan);
      }),
    );
  });

  it('S-33 the box, asked the same question at each start, never disagrees with the plan (P7)', () => {
    fc.assert(
      fc.property(someSeries, (series) => {
        const { occurrences } = compile({ series, policies, nowMs: MONDAY_MS, horizon, known: [] });
        const classOf = new Map(series.map(({ id, rules }) => [id, rules.class]));
        for (const here of Map.groupBy(occurrences, ({ clusterId }) => clusterId).values()) {
          const airtime = here.map((one) => ({ ...one, class: classOf.get(one.seriesId) ?? 'routine' }));
          for (const [index, one] of airtime.entries())
            expect(checkPolicy(policy, { ...one, usedToday: airtime.slice(0, index) }).allowed).toBe(true);
        }
      }),
    );
  });

  it('adding a series never changes what an unrelated cluster plays', () => {
    fc.assert(
      fc.property(someSeries, anySeries('ser_9'), (series, added) => {
        const input = { policies, nowMs: MONDAY_MS, horizon, known: [] };
        const elsewhere = ({ clusterId }: Occurrence) => !added.clusterIds.includes(clusterId);
        const before = compile({ ...input, series }).occurrences.filter(elsewhere);
        const after = compile({ ...input, series: [...series, added] }).occurrences.filter(elsewhere);
        expect(after).toEqual(before);
      }),
    );
  });

  it('each start is planned, or skipped with a reason', () => {
    fc.assert(
      fc.property(anySeries('ser_1'), (series) => {
        const { occurrences, skips } = compile({
          series: [series],
          policies,
          nowMs: MONDAY_MS - 1,
          horizon,
          known: [],
        });
        const days = 'days' in series.rule ? series.rule.days.length : series.rule.kind === 'daily' ? 4 : 1;
        expect(occurrences.length + skips.length).toBe(days * series.clusterIds.length);
      }),
    );
  });
});

describe('S-9 whatever is edited, and whenever (P4)', () => {
  const anEdit = fc.record({
    hours: fc.integer({ min: 0, max: 30 }),
    series: fc.tuple(anySeries('ser_1'), anySeries('ser_2', 'ser_1')),
  });

  it('no occurrence ever begins twice, and what has begun never changes', () => {
    fc.assert(
      fc.property(fc.array(anEdit, { minLength: 1, maxLength: 6 }), (edits) => {
        const known = new Map<string, Occurrence>();
        const begun = new Map<string, Occurrence>();
        let nowMs = MONDAY_MS;
        for (const { hours, series } of edits) {
          const { occurrences } = compile({ series, policies, nowMs, horizon, known: [...known.values()] });
          expect(new Set(occurrences.map(({ id }) => id)).size).toBe(occurrences.length);
          for (const one of occurrences) {
            known.set(one.id, one);
            const old = begun.get(one.id);
            if (old) expect(one).toEqual(old);
          }
          nowMs += hours * HOUR_MS;
          for (const one of occurrences) if (one.startsAtMs <= nowMs) begun.set(one.id, one);
        }
      }),
    );
  });
});
