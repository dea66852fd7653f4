import type { Policy } from '../policy.ts';

/** What one area or cluster says of its own; the rest comes from above. */
export type PolicyLayer = Partial<Policy>;

/** An area of the tree; `parentId` is `null` at the top. */
export interface PolicyArea {
  readonly id: string;
  readonly parentId: string | null;
  readonly policy: PolicyLayer;
}

/** A cluster may say something of its own too: a horn beside a school. */
export interface PolicyCluster {
  readonly id: string;
  readonly areaId: string;
  readonly policy: PolicyLayer;
}

/** What holds where nobody has said anything: silence, since hours are the commune's to give. */
const NOTHING_SAID: Policy = {
  timeZone: 'Asia/Ho_Chi_Minh',
  windows: [],
  maxSessionsPerDay: null,
  maxMinutesPerSession: null,
  maxMinutesPerDay: null,
  volume: [],
  mutes: [],
  languages: ['vi'],
};

/**
 * Returns the policy in force at each cluster: for each field, the nearest that says it, from the cluster up the tree.
 * Mutes add up, so that nobody below ends a mute from above. Clusters with nothing of their own share their area's policy.
 */
export function resolvePolicies(
  areas: readonly PolicyArea[],
  clusters: readonly PolicyCluster[],
): ReadonlyMap<string, Policy> {
  const areaById = new Map(areas.map((area) => [area.id, area]));
  const resolved = new Map<string, Policy>();
  const policyOf = (areaId: string | null, below: readonly string[]): Policy => {
    const area = areaId === null ? undefined : areaById.get(areaId);
    if (!area || below.includes(area.id)) return NOTHING_SAID; // the top, or a ring that `areaFaults` names
    const policy =
      resolved.get(area.id) ?? laidOver(policyOf(area.parentId, [...below, area.id]), area.policy);
    resolved.set(area.id, policy);
    return policy;
  };
  return new Map(clusters.map(({ id, areaId, policy }) => [id, laidOver(policyOf(areaId, []), policy)]));
}

function laidOver(above: Policy, layer: PolicyLayer): Policy {
  if (Object.keys(layer).length === 0) return above;
  return { ...above, ...layer, mutes: [...above.mutes, ...(layer.mutes ?? [])] };
}
