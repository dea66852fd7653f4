import { describe, expect, it } from 'vitest';
import { resolveTarget, type Target, targetDrift } from './target.ts';
import { targetFaults } from './target-faults.ts';

const areas = [
  { id: 'xa', parentId: null },
  { id: 'thon-1', parentId: 'xa' },
  { id: 'thon-2', parentId: 'xa' },
  { id: 'xom-2a', parentId: 'thon-2' },
];
const clusters = [
  { id: 'loa-2', areaId: 'thon-2', tags: ['chợ'] },
  { id: 'loa-1', areaId: 'thon-1', tags: [] },
  { id: 'loa-3', areaId: 'xom-2a', tags: ['chợ', 'trường học'] },
];
const target = (some: Partial<Target>): Target => ({
  areaIds: [],
  clusterIds: [],
  tags: [],
  except: { areaIds: [], clusterIds: [], tags: [] },
  ...some,
});
const except = (some: Partial<Target['except']>) => ({ areaIds: [], clusterIds: [], tags: [], ...some });

describe('S-18 a target names areas, clusters and tags, and excepts some', () => {
  it.each([
    ['an area means everything below it', target({ areaIds: ['xa'] }), ['loa-1', 'loa-2', 'loa-3']],
    ['a hamlet means its own', target({ areaIds: ['thon-2'] }), ['loa-2', 'loa-3']],
    [
      'what is named twice is meant once',
      target({ areaIds: ['thon-2'], tags: ['chợ'], clusterIds: ['loa-1'] }),
      ['loa-1', 'loa-2', 'loa-3'],
    ],
    [
      'a cluster may be excepted',
      target({ areaIds: ['xa'], except: except({ clusterIds: ['loa-1'] }) }),
      ['loa-2', 'loa-3'],
    ],
    ['so may an area', target({ areaIds: ['xa'], except: except({ areaIds: ['thon-2'] }) }), ['loa-1']],
    ['so may a tag', target({ tags: ['chợ'], except: except({ tags: ['trường học'] }) }), ['loa-2']],
  ] as const)('%s', (_, asked, expected) => {
    expect(resolveTarget(asked, areas, clusters)).toEqual(expected);
    expect(targetFaults(asked, areas, clusters)).toEqual([]);
  });

  it('a tree that bites its tail does not hang', () => {
    const ring = [
      { id: 'a', parentId: 'b' },
      { id: 'b', parentId: 'a' },
    ];
    expect(resolveTarget(target({ areaIds: ['b'] }), ring, [{ id: 'loa-1', areaId: 'a', tags: [] }])).toEqual(
      ['loa-1'],
    );
  });

  it('a name that means nothing is pointed out', () => {
    const asked = target({
      areaIds: ['xa', 'thon-9'],
      tags: ['đình'],
      except: except({ clusterIds: ['loa-9'] }),
    });
    expect(targetFaults(asked, areas, clusters)).toEqual([
      { field: 'areaIds[1]', wanted: 'an area', came: 'thon-9' },
      { field: 'tags[0]', wanted: 'a tag of some cluster', came: 'đình' },
      { field: 'except.clusterIds[0]', wanted: 'a cluster', came: 'loa-9' },
    ]);
  });

  it('a target that matches nothing says so', () => {
    expect(targetFaults(target({}), areas, clusters)).toEqual([
      { field: 'target', wanted: 'at least one cluster', came: 'none' },
    ]);
  });
});

describe('S-19 a cluster that moves, or areas that merge, keep their history', () => {
  it('the series stays with its clusters, and the difference is shown', () => {
    const moved = clusters.map((cluster) =>
      cluster.id === 'loa-2' ? { ...cluster, areaId: 'thon-1' } : cluster,
    );
    const now = resolveTarget(target({ areaIds: ['thon-1'] }), areas, moved);
    expect(targetDrift(['loa-1', 'loa-4'], now)).toEqual({ gained: ['loa-2'], lost: ['loa-4'] });
  });
});
