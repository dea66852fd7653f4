import type { Db } from '../db/database.ts';

/** Deletes what has been kept long enough. Ledger and audit trail are never touched. */
export function createRetentionStore(db: Db) {
  return {
    async dropJournalEvents(receivedBeforeMs: number): Promise<number> {
      const { numDeletedRows } = await db
        .deleteFrom('journal_events')
        .where('received_ms', '<', receivedBeforeMs)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
    /** Keeps what a box should hold now, however old. */
    async dropSignedOrders(issuedBeforeMs: number): Promise<number> {
      const { numDeletedRows } = await db
        .deleteFrom('signed_orders')
        .where('issued_ms', '<', issuedBeforeMs)
        .where('sha256', 'not in', (current) => current.selectFrom('device_states').select('digest'))
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}
