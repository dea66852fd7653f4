import { createAreaStore } from '../areas/area.store.ts';
import { areaTree } from '../areas/area-tree.ts';
import type { Db } from '../db/database.ts';
import { createClusterStore } from './cluster.store.ts';

/** Who should hear something: everything under `areas`, and `clusters`, and whatever bears one of `tags`, but not `exclude`. */
export interface Targets {
  readonly areas?: readonly string[] | undefined;
  readonly clusters?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Cluster or area ids. */
  readonly exclude?: readonly string[] | undefined;
}

/** Returns the ids of the clusters that `targets` means now, in the order they were created; retired ones never. Unknown ids mean nothing. */
export async function resolveTargets(db: Db, targets: Targets): Promise<readonly string[]> {
  return (await targetResolver(db))(targets);
}

/** The same for many targets: the places are read once. */
export async function targetResolver(db: Db): Promise<(targets: Targets) => readonly string[]> {
  const tree = areaTree(await createAreaStore(db).all());
  const serving = (await createClusterStore(db).all()).filter(({ retired_ms }) => retired_ms === null);
  const isNamed = (cluster: { readonly id: string; readonly area_id: string }, names: readonly string[]) =>
    names.some((name) => name === cluster.id || tree.isWithin(cluster.area_id, name));
  return ({ areas = [], clusters = [], tags = [], exclude = [] }) =>
    serving
      .filter(
        (cluster) =>
          isNamed(cluster, [...areas, ...clusters]) ||
          parseTags(cluster.tags).some((tag) => tags.includes(tag)),
      )
      .filter((cluster) => !isNamed(cluster, exclude))
      .map(({ id }) => id);
}

/** Reads a JSON column that only this folder writes. */
export function parseTags(text: string): readonly string[] {
  return JSON.parse(text) as string[];
}
