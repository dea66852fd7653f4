import { AppError } from '@loa/kernel';
import type { Db } from '../db/database.ts';
import type { ControllerErrorCode } from '../errors.ts';
import { type Actor, type Permission, ROLES } from '../http/access.ts';
import { createAreaStore } from './area.store.ts';
import { areaTree } from './area-tree.ts';

/**
 * Makes sure that one of the actor's roles allows `permission` on this very area: roles reach down a subtree, never up or aside.
 * @throws {AppError} area/unknown, people/forbidden.
 */
export async function requireWithin(
  db: Db,
  actor: Actor,
  permission: Permission,
  areaId: string,
): Promise<void> {
  const areas = await createAreaStore(db).all();
  const area = areas.find(({ id }) => id === areaId);
  if (!area) throw unknownArea(areaId);
  const tree = areaTree(areas);
  const allowed = actor.grants.some(
    ({ role, areaId: granted }) =>
      (ROLES[role] as readonly Permission[]).includes(permission) && tree.isWithin(areaId, granted),
  );
  if (!allowed)
    throw new AppError<ControllerErrorCode>(
      `your account may not do this in ${area.name} (it needs ${permission} there)`,
      {
        code: 'people/forbidden',
        details: { permission, areaId },
      },
    );
}

/**
 * Makes sure that one of the actor's roles allows `permission` on the whole site: what binds every area is decided at its root.
 * @throws {AppError} people/forbidden.
 */
export async function requireOnSite(db: Db, actor: Actor, permission: Permission): Promise<void> {
  const areas = await createAreaStore(db).all();
  for (const root of areas.filter(({ parent_id }) => parent_id === null))
    await requireWithin(db, actor, permission, root.id);
}

/** The fault of naming an area that does not exist. */
export function unknownArea(areaId: string): AppError<ControllerErrorCode> {
  return new AppError(`there is no area ${areaId}: GET /api/v1/areas lists them`, {
    code: 'area/unknown',
    details: { areaId },
  });
}
