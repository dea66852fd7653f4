import type { Db } from '../db/database.ts';
import type { LiveEvent, LiveEventBody } from './live-events.service.ts';

const PAGE = 200;

/** Rows of what the console is told. */
export function createLiveEventStore(db: Db) {
  return {
    async append(atMs: number, bodies: readonly LiveEventBody[]): Promise<void> {
      await db
        .insertInto('live_events')
        .values(bodies.map((body) => ({ at_ms: atMs, kind: body.kind, body: JSON.stringify(body) })))
        .execute();
    },
    async lastId(): Promise<number> {
      const row = await db
        .selectFrom('live_events')
        .select(({ fn }) => fn.max('id').as('id'))
        .executeTakeFirst();
      return row?.id ?? 0;
    },
    async after(id: number): Promise<readonly LiveEvent[]> {
      const rows = await db
        .selectFrom('live_events')
        .selectAll()
        .where('id', '>', id)
        .orderBy('id')
        .limit(PAGE)
        .execute();
      return rows.map((row) => ({ id: row.id, body: JSON.parse(row.body) as LiveEventBody }));
    },
    async prune(beforeMs: number): Promise<number> {
      const { numDeletedRows } = await db
        .deleteFrom('live_events')
        .where('at_ms', '<', beforeMs)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}
