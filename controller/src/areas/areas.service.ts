import { AppError, type Clock, type RandomId } from '@loa/kernel';
import { recordAudit } from '../audit/audit.service.ts';
import type { Db } from '../db/database.ts';
import type { ControllerErrorCode } from '../errors.ts';
import type { Actor } from '../http/access.ts';
import { type AreaRow, createAreaStore } from './area.store.ts';
import { requireWithin, unknownArea } from './area-access.service.ts';

/** A node of the tree of places. */
export interface Area {
  readonly id: string;
  /** `null` for the root. */
  readonly parentId: string | null;
  readonly name: string;
  /** Free text such as "Xã", "Thôn": no level is hard-wired. */
  readonly kind: string;
  readonly createdMs: number;
}

/** The tree of places. */
export interface Areas {
  /** Returns all areas, older ones first; `parentId` makes the tree. */
  list(): Promise<readonly Area[]>;
  /** @throws {AppError} area/unknown, people/forbidden; request/conflict when a sibling has that name. */
  create(
    actor: Actor,
    wanted: { readonly parentId: string; readonly name: string; readonly kind: string },
    origin: string,
  ): Promise<Area>;
  /** @throws {AppError} area/unknown, people/forbidden; request/conflict when a sibling has that name. */
  rename(
    actor: Actor,
    id: string,
    wanted: { readonly name: string; readonly kind?: string | undefined },
    origin: string,
  ): Promise<Area>;
}

/** Creates the tree of places on the main database. */
export function createAreas({
  db,
  clock,
  newId,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly newId: RandomId;
}): Areas {
  return {
    list: async () => (await createAreaStore(db).all()).map(toArea),
    async create(actor, { parentId, name, kind }, origin) {
      await requireWithin(db, actor, 'site:write', parentId);
      const row = {
        id: newId('are'),
        parent_id: parentId,
        name,
        kind,
        merged_into: null,
        created_ms: clock.now().epochMilliseconds,
      };
      await db.transaction().execute(async (tx) => {
        const store = createAreaStore(tx);
        refuseTwin(await store.all(), row);
        await store.add(row);
        const facts = { actor: actor.userId, subject: `area:${row.id}`, origin };
        await recordAudit(tx, clock, { ...facts, action: 'area.created', after: toArea(row) });
      });
      return toArea(row);
    },
    async rename(actor, id, { name, kind }, origin) {
      await requireWithin(db, actor, 'site:write', id);
      return db.transaction().execute(async (tx) => {
        const store = createAreaStore(tx);
        const before = await store.find(id);
        if (!before) throw unknownArea(id);
        const after = { ...before, name, kind: kind ?? before.kind };
        refuseTwin(await store.all(), after);
        await store.rename(id, after.name, after.kind);
        await recordAudit(tx, clock, {
          actor: actor.userId,
          action: 'area.renamed',
          subject: `area:${id}`,
          before: toArea(before),
          after: toArea(after),
          origin,
        });
        return toArea(after);
      });
    },
  };
}

const toArea = (row: AreaRow): Area => ({
  id: row.id,
  parentId: row.parent_id,
  name: row.name,
  kind: row.kind,
  createdMs: row.created_ms,
});

/** Two hamlets of one name side by side would be told apart by nobody who reads a schedule. */
function refuseTwin(areas: readonly AreaRow[], wanted: AreaRow): void {
  const twin = areas.find(
    ({ id, parent_id, name }) =>
      id !== wanted.id &&
      parent_id === wanted.parent_id &&
      name.normalize('NFC').toLocaleLowerCase('vi') === wanted.name.normalize('NFC').toLocaleLowerCase('vi'),
  );
  if (twin)
    throw new AppError<ControllerErrorCode>(`there is already an area named ${twin.name} here (${twin.id})`, {
      code: 'request/conflict',
      details: { areaId: twin.id },
    });
}
