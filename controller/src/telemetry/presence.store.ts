import type { Selectable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';

export type PresenceRow = Selectable<Tables['device_presence']>;

/** Rows of who is there. */
export function createPresenceStore(db: Db) {
  return {
    find: (deviceId: string) =>
      db.selectFrom('device_presence').selectAll().where('device_id', '=', deviceId).executeTakeFirst(),
    async put(row: PresenceRow): Promise<void> {
      await db
        .insertInto('device_presence')
        .values(row)
        .onConflict((conflict) => conflict.column('device_id').doUpdateSet(row))
        .execute();
    },
    async setAlarm(deviceId: string, alarm: string | null): Promise<void> {
      await db.updateTable('device_presence').set({ alarm }).where('device_id', '=', deviceId).execute();
    },
    onlineIds: async (): Promise<readonly string[]> =>
      (await db.selectFrom('device_presence').select('device_id').where('online', '=', 1).execute()).map(
        ({ device_id }) => device_id,
      ),
    silentSince: (beforeMs: number) =>
      db
        .selectFrom('device_presence')
        .innerJoin('devices', 'devices.id', 'device_presence.device_id')
        .selectAll('device_presence')
        .select('devices.cluster_id')
        .where('online', '=', 1)
        .where('last_heard_ms', '<', beforeMs)
        .execute(),
    async count(online: boolean): Promise<number> {
      const row = await db
        .selectFrom('device_presence')
        .innerJoin('devices', 'devices.id', 'device_presence.device_id')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('devices.state', '=', 'active')
        .where('online', '=', online ? 1 : 0)
        .executeTakeFirst();
      return Number(row?.count ?? 0);
    },
  };
}
