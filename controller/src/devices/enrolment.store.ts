import type { Insertable, Selectable, Updateable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';

export type ClaimRow = Selectable<Tables['claim_codes']>;
export type EnrolmentRow = Selectable<Tables['enrolments']>;

/** Rows of claim codes and of what boxes asked for with them. */
export function createEnrolmentStore(db: Db) {
  return {
    async addClaim(row: Insertable<Tables['claim_codes']>): Promise<void> {
      await db.insertInto('claim_codes').values(row).execute();
    },
    findClaim: (id: string): Promise<ClaimRow | undefined> =>
      db.selectFrom('claim_codes').selectAll().where('id', '=', id).executeTakeFirst(),
    findClaimByHash: (codeHash: string): Promise<ClaimRow | undefined> =>
      db.selectFrom('claim_codes').selectAll().where('code_hash', '=', codeHash).executeTakeFirst(),
    async changeClaim(id: string, changes: Updateable<Tables['claim_codes']>): Promise<void> {
      await db.updateTable('claim_codes').set(changes).where('id', '=', id).execute();
    },
    async add(row: Insertable<Tables['enrolments']>): Promise<void> {
      await db.insertInto('enrolments').values(row).execute();
    },
    find: (id: string): Promise<EnrolmentRow | undefined> =>
      db.selectFrom('enrolments').selectAll().where('id', '=', id).executeTakeFirst(),
    findByClaim: (claimId: string): Promise<EnrolmentRow | undefined> =>
      db.selectFrom('enrolments').selectAll().where('claim_id', '=', claimId).executeTakeFirst(),
    inState: (state: EnrolmentRow['state']): Promise<EnrolmentRow[]> =>
      db.selectFrom('enrolments').selectAll().where('state', '=', state).orderBy('created_ms').execute(),
    async decide(
      id: string,
      decision: Pick<EnrolmentRow, 'state' | 'device_id' | 'reason' | 'decided_ms'>,
    ): Promise<void> {
      await db.updateTable('enrolments').set(decision).where('id', '=', id).execute();
    },
  };
}
