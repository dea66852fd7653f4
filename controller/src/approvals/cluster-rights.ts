import { requireWithin } from '../areas/area-access.service.ts';
import { createClusterStore } from '../clusters/cluster.store.ts';
import type { Db } from '../db/database.ts';
import type { Actor, Permission } from '../http/access.ts';

/**
 * Makes sure that the actor may do it in the area of every one of these clusters, wherever the bulletin itself belongs.
 * @throws {AppError} people/forbidden, naming the first area that lies outside.
 */
export async function requireOnClusters(
  db: Db,
  actor: Actor,
  permission: Permission,
  clusterIds: readonly string[],
): Promise<void> {
  const named = new Set(clusterIds);
  const clusters = (await createClusterStore(db).all()).filter(({ id }) => named.has(id));
  for (const areaId of new Set(clusters.map(({ area_id }) => area_id)))
    await requireWithin(db, actor, permission, areaId);
}
