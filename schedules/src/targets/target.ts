/** Whom a series is for: whatever is named, less what is excepted. */
export interface Target {
  readonly areaIds: readonly string[];
  readonly clusterIds: readonly string[];
  readonly tags: readonly string[];
  readonly except: {
    readonly areaIds: readonly string[];
    readonly clusterIds: readonly string[];
    readonly tags: readonly string[];
  };
}

/** A node of the area tree; `parentId` is `null` at the top. */
export interface TargetArea {
  readonly id: string;
  readonly parentId: string | null;
}

export interface TargetCluster {
  readonly id: string;
  readonly areaId: string;
  readonly tags: readonly string[];
}

/** Returns the ids of the clusters that a target means now, sorted. An area means all clusters below it. */
export function resolveTarget(
  target: Target,
  areas: readonly TargetArea[],
  clusters: readonly TargetCluster[],
): readonly string[] {
  const chainOf = areaChains(areas);
  const isNamed = (names: Target['except'], { id, areaId, tags }: TargetCluster) =>
    names.clusterIds.includes(id) ||
    names.areaIds.some((area) => chainOf(areaId).has(area)) ||
    names.tags.some((tag) => tags.includes(tag));
  return clusters
    .filter((cluster) => isNamed(target, cluster) && !isNamed(target.except, cluster))
    .map(({ id }) => id)
    .sort();
}

/** Returns, for an area, itself and all above it. */
function areaChains(areas: readonly TargetArea[]): (areaId: string) => ReadonlySet<string> {
  const parents = new Map(areas.map(({ id, parentId }) => [id, parentId]));
  const chains = new Map<string, ReadonlySet<string>>();
  return (areaId) => {
    const chain = new Set<string>();
    for (let id: string | null = areaId; id !== null && !chain.has(id); id = parents.get(id) ?? null)
      chain.add(id);
    const known = chains.get(areaId) ?? chain;
    chains.set(areaId, known);
    return known;
  };
}

/** What a target means now against the clusters a series was approved for. */
export interface TargetDrift {
  readonly gained: readonly string[];
  readonly lost: readonly string[];
}

/**
 * Compares a series' clusters with what its target means now. Moving a cluster or merging areas changes neither the series nor its history:
 * a person takes the difference over, and what was gained needs approval again (P2).
 */
export function targetDrift(clusterIds: readonly string[], resolvedNow: readonly string[]): TargetDrift {
  return {
    gained: resolvedNow.filter((id) => !clusterIds.includes(id)),
    lost: clusterIds.filter((id) => !resolvedNow.includes(id)),
  };
}
