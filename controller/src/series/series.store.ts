import type { Selectable, Updateable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';

export type SeriesRow = Selectable<Tables['series']>;

/** Rows of series. */
export function createSeriesStore(db: Db) {
  const withApproval = () =>
    db
      .selectFrom('series')
      .innerJoin('bulletins', 'bulletins.id', 'series.bulletin_id')
      .leftJoin('approvals', 'approvals.id', 'series.approval_id')
      .selectAll('series')
      .select(['bulletins.title', 'approvals.state as approval_state']);
  return {
    all: () => withApproval().orderBy('series.created_ms', 'desc').limit(1_000).execute(),
    find: (id: string) => withApproval().where('series.id', '=', id).executeTakeFirst(),
    /** Every active series under an approval that holds, with the manifest that it binds, in the order of their ids. */
    approved: () =>
      db
        .selectFrom('series')
        .innerJoin('approvals', 'approvals.id', 'series.approval_id')
        .innerJoin('manifests', 'manifests.sha256', 'approvals.manifest')
        .selectAll('series')
        .select(['manifests.sha256 as manifest_sha', 'manifests.content as manifest_content'])
        .where('series.state', '=', 'active')
        .where('approvals.state', '=', 'approved')
        .orderBy('series.id')
        .execute(),
    /** Clusters on which it has ever been planned. */
    async plannedOn(id: string): Promise<readonly string[]> {
      const rows = await db
        .selectFrom('occurrences')
        .select('cluster_id')
        .distinct()
        .where('series_id', '=', id)
        .execute();
      return rows.map(({ cluster_id }) => cluster_id);
    },
    /** Those of them whose box holds a plan, but not the newest one. */
    async stillHeldBy(id: string): Promise<readonly string[]> {
      const rows = await db
        .selectFrom('occurrences')
        .innerJoin('devices', 'devices.cluster_id', 'occurrences.cluster_id')
        .innerJoin('device_states', 'device_states.device_id', 'devices.id')
        .select('occurrences.cluster_id')
        .distinct()
        .where('occurrences.series_id', '=', id)
        .where('devices.state', '=', 'active')
        .where('device_states.kind', '=', 'plan')
        .where(({ eb, or, ref }) =>
          or([
            eb('device_states.held_rev', '!=', ref('device_states.rev')),
            eb('device_states.held_epoch', '!=', ref('device_states.epoch')),
          ]),
        )
        .orderBy('occurrences.cluster_id')
        .execute();
      return rows.map(({ cluster_id }) => cluster_id);
    },
    async add(row: SeriesRow): Promise<void> {
      await db.insertInto('series').values(row).execute();
    },
    async set(id: string, changes: Updateable<Tables['series']>): Promise<void> {
      await db.updateTable('series').set(changes).where('id', '=', id).execute();
    },
  };
}

export type SeriesWithApproval = NonNullable<
  Awaited<ReturnType<ReturnType<typeof createSeriesStore>['find']>>
>;
