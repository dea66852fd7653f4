import type { Insertable, Selectable, Updateable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';

export type ClusterRow = Selectable<Tables['clusters']>;

/** Rows of clusters. */
export function createClusterStore(db: Db) {
  return {
    all: (): Promise<ClusterRow[]> =>
      db.selectFrom('clusters').selectAll().orderBy('created_ms').orderBy('id').execute(),
    find: (id: string): Promise<ClusterRow | undefined> =>
      db.selectFrom('clusters').selectAll().where('id', '=', id).executeTakeFirst(),
    async add(row: Insertable<Tables['clusters']>): Promise<void> {
      await db.insertInto('clusters').values(row).execute();
    },
    async change(id: string, changes: Updateable<Tables['clusters']>): Promise<void> {
      await db.updateTable('clusters').set(changes).where('id', '=', id).execute();
    },
    /** The active device of each cluster that has one, and whether it was heard from. */
    activeDevices: () =>
      db
        .selectFrom('devices')
        .leftJoin('device_presence', 'device_presence.device_id', 'devices.id')
        .select([
          'devices.id',
          'devices.cluster_id',
          'device_presence.online',
          'device_presence.last_heard_ms',
        ])
        .where('devices.state', '=', 'active')
        .execute(),
  };
}
