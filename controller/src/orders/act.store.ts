import type { Selectable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';

export type ActRow = Selectable<Tables['acts']>;

/** Rows of acts: sent until answered or expired. */
export function createActStore(db: Db) {
  const open = (nowMs: number) =>
    db
      .selectFrom('acts')
      .innerJoin('devices', 'devices.id', 'acts.device_id')
      .where('devices.state', '=', 'active')
      .where('acts.exp_ms', '>', nowMs);
  return {
    async add(row: ActRow): Promise<void> {
      await db.insertInto('acts').values(row).execute();
    },
    find: (id: string) => db.selectFrom('acts').selectAll().where('id', '=', id).executeTakeFirst(),
    /** Records the first answer; returns whether this was it. */
    async answer(
      { id, deviceId }: { readonly id: string; readonly deviceId: string },
      verdict: 'accepted' | 'refused',
      code: string | null,
      atMs: number,
    ): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('acts')
        .set({ verdict, code, answered_ms: atMs, next_send_ms: null })
        .where('id', '=', id)
        .where('device_id', '=', deviceId)
        .where('verdict', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    /** Urgent ones first, then the oldest. */
    due: (nowMs: number, limit: number): Promise<ActRow[]> =>
      open(nowMs)
        .selectAll('acts')
        .where('acts.next_send_ms', '<=', nowMs)
        .orderBy('acts.urgent', 'desc')
        .orderBy('acts.issued_ms')
        .limit(limit)
        .execute(),
    async sent(row: ActRow, nextSendMs: number): Promise<void> {
      await db
        .updateTable('acts')
        .set({ attempts: row.attempts + 1, next_send_ms: nextSendMs })
        .where('id', '=', row.id)
        .where('verdict', 'is', null)
        .execute();
    },
    /** Makes every unanswered act of a box due at once: it has just connected. */
    async wake(deviceId: string, nowMs: number): Promise<void> {
      await db
        .updateTable('acts')
        .set({ next_send_ms: nowMs })
        .where('device_id', '=', deviceId)
        .where('verdict', 'is', null)
        .where('exp_ms', '>', nowMs)
        .execute();
    },
    async nextDueMs(nowMs: number): Promise<number | undefined> {
      const row = await open(nowMs)
        .select(({ fn }) => fn.min('acts.next_send_ms').as('at'))
        .executeTakeFirst();
      return row?.at ?? undefined;
    },
  };
}
