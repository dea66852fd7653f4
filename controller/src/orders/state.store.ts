import { type Revision, STATE_KINDS, type StateKind, type StateRevisions } from '@loa/contract';
import type { Selectable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';

export type StateRow = Selectable<Tables['device_states']>;
export type SignedOrderRow = Selectable<Tables['signed_orders']>;

/** Rows of what each box should hold, what it says it holds, and every signed original. */
export function createStateStore(db: Db) {
  const one = (deviceId: string, kind: string) =>
    db.updateTable('device_states').where('device_id', '=', deviceId).where('kind', '=', kind);
  const due = (nowMs: number) =>
    db
      .selectFrom('device_states')
      .innerJoin('devices', 'devices.id', 'device_states.device_id')
      .selectAll('device_states')
      .where('devices.state', '=', 'active')
      .where('device_states.next_send_ms', '<=', nowMs);
  return {
    find: (deviceId: string, kind: StateKind) =>
      db
        .selectFrom('device_states')
        .selectAll()
        .where('device_id', '=', deviceId)
        .where('kind', '=', kind)
        .executeTakeFirst(),
    ofDevice: (deviceId: string) =>
      db.selectFrom('device_states').selectAll().where('device_id', '=', deviceId).execute(),
    async put(row: StateRow): Promise<void> {
      await db
        .insertInto('device_states')
        .values(row)
        .onConflict((conflict) => conflict.columns(['device_id', 'kind']).doUpdateSet(row))
        .execute();
    },
    /** Remembers what the box holds of one state, and when it is sent next; `null`: not at all. */
    async setHeld(
      deviceId: string,
      kind: string,
      held: Revision | undefined,
      nextSendMs: number | null,
    ): Promise<void> {
      await one(deviceId, kind)
        .set({ held_epoch: held?.epoch ?? null, held_rev: held?.rev ?? null, next_send_ms: nextSendMs })
        .set((row) => ({ attempts: nextSendMs === null ? 0 : row.ref('attempts') }))
        .execute();
    },
    async setRefused(deviceId: string, kind: string, code: string | null): Promise<void> {
      await one(deviceId, kind)
        .set({ refused_code: code, ...(code === null ? {} : { next_send_ms: null }) })
        .execute();
    },
    /** Counts a try, unless the state has changed or was answered meanwhile. */
    async sent(row: StateRow, nextSendMs: number): Promise<void> {
      await one(row.device_id, row.kind)
        .set({ attempts: row.attempts + 1, next_send_ms: nextSendMs })
        .where('epoch', '=', row.epoch)
        .where('rev', '=', row.rev)
        .where('next_send_ms', '=', row.next_send_ms)
        .execute();
    },
    due: (nowMs: number, limit: number): Promise<StateRow[]> =>
      due(nowMs).orderBy('device_states.next_send_ms').limit(limit).execute(),
    /** Of what is due, the holds of all boxes but these. */
    dueHolds: (nowMs: number, limit: number, except: readonly string[]): Promise<StateRow[]> =>
      due(nowMs)
        .where('device_states.kind', '=', 'hold')
        .$if(except.length > 0, (rows) => rows.where('device_states.device_id', 'not in', except))
        .limit(limit)
        .execute(),
    async nextDueMs(): Promise<number | undefined> {
      const row = await db
        .selectFrom('device_states')
        .innerJoin('devices', 'devices.id', 'device_states.device_id')
        .select(({ fn }) => fn.min('device_states.next_send_ms').as('at'))
        .where('devices.state', '=', 'active')
        .executeTakeFirst();
      return row?.at ?? undefined;
    },
    /** Every signed original is kept by the hash of its text; the same text twice is one row. */
    async keepOriginal(row: SignedOrderRow): Promise<void> {
      await db
        .insertInto('signed_orders')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    original: (sha256: string) =>
      db.selectFrom('signed_orders').selectAll().where('sha256', '=', sha256).executeTakeFirst(),
  };
}

export type StateStore = ReturnType<typeof createStateStore>;

/** Returns the revisions that a box should hold. */
export function revisionsOf(rows: readonly StateRow[]): StateRevisions {
  const revisions: StateRevisions = {};
  for (const kind of STATE_KINDS) {
    const row = rows.find((candidate) => candidate.kind === kind);
    if (row) revisions[kind] = { epoch: row.epoch, rev: row.rev };
  }
  return revisions;
}
