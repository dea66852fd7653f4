import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';

export type DeviceRow = Selectable<Tables['devices']>;

/** Rows of boxes, past and present. */
export function createDeviceStore(db: Db) {
  return {
    all: (): Promise<DeviceRow[]> =>
      db.selectFrom('devices').selectAll().orderBy('enrolled_ms').orderBy('id').execute(),
    find: (id: string): Promise<DeviceRow | undefined> =>
      db.selectFrom('devices').selectAll().where('id', '=', id).executeTakeFirst(),
    findByKey: (publicX: string): Promise<DeviceRow | undefined> =>
      db.selectFrom('devices').selectAll().where('public_x', '=', publicX).executeTakeFirst(),
    activeOf: (clusterId: string): Promise<DeviceRow | undefined> =>
      db
        .selectFrom('devices')
        .selectAll()
        .where('cluster_id', '=', clusterId)
        .where('state', '=', 'active')
        .executeTakeFirst(),
    async add(row: Insertable<Tables['devices']>): Promise<void> {
      await db.insertInto('devices').values(row).execute();
    },
    async end(id: string, state: 'replaced' | 'revoked', atMs: number): Promise<void> {
      await db.updateTable('devices').set({ state, ended_ms: atMs }).where('id', '=', id).execute();
    },
  };
}
