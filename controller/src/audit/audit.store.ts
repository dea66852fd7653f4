import type { Selectable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';

export type AuditRow = Selectable<Tables['audit']>;

const PAGE = 1000;

/** Rows of the audit trail: only ever appended and read. */
export function createAuditStore(db: Db) {
  return {
    head: () => db.selectFrom('audit').selectAll().orderBy('seq', 'desc').limit(1).executeTakeFirst(),
    hashAt: async (seq: number): Promise<string | undefined> =>
      (await db.selectFrom('audit').select('hash').where('seq', '=', seq).executeTakeFirst())?.hash,
    async append(row: AuditRow): Promise<void> {
      await db.insertInto('audit').values(row).execute();
    },
    async *inOrder(): AsyncGenerator<AuditRow> {
      for (let after = 0; ; ) {
        const rows = await db
          .selectFrom('audit')
          .selectAll()
          .where('seq', '>', after)
          .orderBy('seq')
          .limit(PAGE)
          .execute();
        yield* rows;
        const last = rows.at(-1);
        if (!last || rows.length < PAGE) return;
        after = last.seq;
      }
    },
  };
}
