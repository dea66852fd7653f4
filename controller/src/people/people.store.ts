import type { Db } from '../db/database.ts';
import type { Role } from '../http/access.ts';

export interface Grant {
  readonly role: Role;
  readonly areaId: string;
}

/** Rows of people's roles; the accounts themselves are written by better-auth alone. */
export function createPeopleStore(db: Db) {
  return {
    async grantsOf(userId: string): Promise<readonly Grant[]> {
      const rows = await db
        .selectFrom('grants')
        .select(['role', 'area_id'])
        .where('user_id', '=', userId)
        .orderBy('created_ms')
        .orderBy('role')
        .execute();
      return rows.map(({ role, area_id }) => ({ role: role as Role, areaId: area_id }));
    },
    async grant(userId: string, { role, areaId }: Grant, atMs: number): Promise<void> {
      await db
        .insertInto('grants')
        .values({ user_id: userId, role, area_id: areaId, created_ms: atMs })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    find: (id: string) =>
      db.selectFrom('people').select(['id', 'name', 'email']).where('id', '=', id).executeTakeFirst(),
    all: () => db.selectFrom('people').select(['id', 'name', 'email']).orderBy('createdAt').execute(),
    async allGrants(): Promise<ReadonlyArray<Grant & { readonly userId: string }>> {
      const rows = await db
        .selectFrom('grants')
        .select(['user_id', 'role', 'area_id'])
        .orderBy('created_ms')
        .execute();
      return rows.map(({ user_id, role, area_id }) => ({
        userId: user_id,
        role: role as Role,
        areaId: area_id,
      }));
    },
  };
}
