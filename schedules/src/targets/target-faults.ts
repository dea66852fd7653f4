import type { Fault } from '../fault.ts';
import { resolveTarget, type Target, type TargetArea, type TargetCluster } from './target.ts';

/** Returns what is wrong with a target, or nothing: each name must mean something, and together they must mean a cluster (P12). */
export function targetFaults(
  target: Target,
  areas: readonly TargetArea[],
  clusters: readonly TargetCluster[],
): readonly Fault[] {
  const known = {
    areaIds: new Set(areas.map(({ id }) => id)),
    clusterIds: new Set(clusters.map(({ id }) => id)),
    tags: new Set(clusters.flatMap(({ tags }) => tags)),
  };
  const wanted = { areaIds: 'an area', clusterIds: 'a cluster', tags: 'a tag of some cluster' } as const;
  const unknown = (names: Target['except'], path: string): readonly Fault[] =>
    (['areaIds', 'clusterIds', 'tags'] as const).flatMap((kind) =>
      names[kind].flatMap((name, index) =>
        known[kind].has(name)
          ? []
          : [{ field: `${path}${kind}[${index}]`, wanted: wanted[kind], came: name }],
      ),
    );
  const faults = [...unknown(target, ''), ...unknown(target.except, 'except.')];
  if (faults.length > 0 || resolveTarget(target, areas, clusters).length > 0) return faults;
  return [{ field: 'target', wanted: 'at least one cluster', came: 'none' }];
}
