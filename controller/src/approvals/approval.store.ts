import type { Selectable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';

export type ApprovalRow = Selectable<Tables['approvals']>;
type ManifestRow = Selectable<Tables['manifests']>;

/** Rows of approvals and of the manifests they bind; manifests are only ever added. */
export function createApprovalStore(db: Db) {
  const withManifest = () =>
    db
      .selectFrom('approvals')
      .innerJoin('manifests', 'manifests.sha256', 'approvals.manifest')
      .selectAll('approvals')
      .select('manifests.content as manifest_content');
  return {
    find: (id: string) => withManifest().where('approvals.id', '=', id).executeTakeFirst(),
    inState: (state: ApprovalRow['state']) =>
      withManifest().where('approvals.state', '=', state).orderBy('approvals.submitted_ms').execute(),
    ofBulletin: (bulletinId: string) =>
      withManifest()
        .where('approvals.bulletin_id', '=', bulletinId)
        .orderBy('approvals.submitted_ms', 'desc')
        .execute(),
    async add(row: ApprovalRow): Promise<void> {
      await db.insertInto('approvals').values(row).execute();
    },
    async addManifest(row: ManifestRow): Promise<void> {
      await db
        .insertInto('manifests')
        .values(row)
        .onConflict((conflict) => conflict.column('sha256').doNothing())
        .execute();
    },
    async decide(
      id: string,
      decision: Pick<ApprovalRow, 'state' | 'decided_by' | 'decided_ms' | 'reason' | 'heard'>,
    ): Promise<void> {
      await db.updateTable('approvals').set(decision).where('id', '=', id).execute();
    },
    /** Voids what still waits or holds for a bulletin; returns the ids that were voided. */
    async void(bulletinId: string): Promise<readonly string[]> {
      const rows = await db
        .updateTable('approvals')
        .set({ state: 'void' })
        .where('bulletin_id', '=', bulletinId)
        .where('state', 'in', ['waiting', 'approved'])
        .returning('id')
        .execute();
      return rows.map(({ id }) => id);
    },
  };
}
