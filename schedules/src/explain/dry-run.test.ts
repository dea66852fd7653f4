import { describe, expect, it } from 'vitest';
import { aPolicy, aSeries, VIET_NAM } from '../builders.ts';
import { instantOf } from '../calendar/civil-time.ts';
import type { CompileInput } from '../plan/cluster-plan.ts';
import { compile } from '../plan/compile.ts';
import { dryRun } from './dry-run.ts';

const MONDAY_MS = instantOf('2026-01-05', '00:00', VIET_NAM);
const morning = aSeries({ clusterIds: ['thon-1', 'thon-2'] });
const input: CompileInput = {
  series: [morning],
  policies: new Map(['thon-1', 'thon-2', 'thon-3'].map((id) => [id, aPolicy()])),
  nowMs: MONDAY_MS,
  horizon: { fromMs: MONDAY_MS, untilMs: MONDAY_MS + 2 * 86_400_000 },
  known: [],
};
const now: CompileInput = { ...input, known: compile(input).occurrences };
const would = (series: CompileInput['series'], policies = input.policies) =>
  dryRun(now, { series, policies });

describe('S-29 a dry run tells the difference before anything is saved', () => {
  it('no change makes no difference', () => {
    expect(would([morning])).toEqual({ clusters: [], addedMs: 0, reach: 0, newConflicts: [], newSkips: [] });
  });

  it('a new series adds its minutes where it is heard', () => {
    const noon = aSeries({
      id: 'ser_2',
      localTime: '12:00:00',
      plannedMs: 90_000,
      clusterIds: ['thon-3', 'thon-2'],
    });
    const { clusters, addedMs, reach } = would([morning, noon]);
    expect(clusters.map(({ clusterId, added, addedMs }) => [clusterId, added.length, addedMs])).toEqual([
      ['thon-2', 2, 180_000],
      ['thon-3', 2, 180_000],
    ]);
    expect({ addedMs, reach }).toEqual({ addedMs: 360_000, reach: 2 });
  });

  it('a moved, longer or replaced occurrence is changed, not new', () => {
    for (const change of [
      { localTime: '06:00:00' },
      { plannedMs: 90_000 },
      { id: 'ser_2', rootId: 'ser_1' },
    ]) {
      const { clusters, reach } = would([{ ...morning, ...change }]);
      expect(
        clusters.map(({ added, removed, changed }) => [added.length, removed.length, changed.length]),
      ).toEqual([
        [0, 0, 2],
        [0, 0, 2],
      ]);
      expect(reach).toBe(2);
    }
  });

  it('a cluster that only loses something is told but not reached', () => {
    const { clusters, reach, addedMs } = would([{ ...morning, clusterIds: ['thon-1'] }]);
    expect(clusters).toMatchObject([{ clusterId: 'thon-2', added: [], changed: [], addedMs: -120_000 }]);
    expect({ reach, addedMs }).toEqual({ reach: 0, addedMs: -120_000 });
  });

  it('the clusters come in order, whatever happens at each', () => {
    const { clusters } = would([
      { ...morning, clusterIds: ['thon-1'] },
      aSeries({ id: 'ser_2', localTime: '12:00:00' }),
    ]);
    expect(clusters.map(({ clusterId, addedMs }) => [clusterId, addedMs])).toEqual([
      ['thon-1', 120_000],
      ['thon-2', -120_000],
    ]);
  });

  it('new conflicts and new refusals are shown, old ones are not', () => {
    const second = aSeries({ id: 'ser_2', clusterIds: ['thon-1'] });
    const night = aSeries({ id: 'ser_3', localTime: '23:00:00', clusterIds: ['thon-1'] });
    expect(would([morning, second, night])).toMatchObject({
      newConflicts: [{ reason: { code: 'waits' } }, { reason: { code: 'waits' } }],
      newSkips: [{ reason: { code: 'quiet-hours' } }, { reason: { code: 'quiet-hours' } }],
    });
    const already = { ...now, series: [morning, second, night] };
    expect(dryRun(already, already)).toMatchObject({ newConflicts: [], newSkips: [] });
  });

  it('a stricter policy is a change too', () => {
    const strict = new Map([...input.policies, ['thon-2', aPolicy({ windows: [] })] as const]);
    expect(would([morning], strict)).toMatchObject({
      addedMs: -120_000,
      clusters: [{ clusterId: 'thon-2' }],
    });
  });
});
