import type { Db } from '../db/database.ts';

/** Values bound at once, far below SQLite's bound. */
const CHUNK = 500;

/** Joined rows for the day's overview; nothing here is ever written. */
export function createTodayStore(db: Db) {
  return {
    /** Clusters in service, with their area and the box that serves them now. */
    clusters: () =>
      db
        .selectFrom('clusters')
        .innerJoin('areas', 'areas.id', 'clusters.area_id')
        .leftJoin('devices', (join) =>
          join.onRef('devices.cluster_id', '=', 'clusters.id').on('devices.state', '=', 'active'),
        )
        .leftJoin('device_presence', 'device_presence.device_id', 'devices.id')
        .leftJoin('device_states', (join) =>
          join.onRef('device_states.device_id', '=', 'devices.id').on('device_states.kind', '=', 'plan'),
        )
        .select([
          'clusters.id',
          'clusters.name',
          'clusters.languages',
          'areas.name as area_name',
          'devices.id as device_id',
          'device_presence.online',
          'device_presence.clock',
          'device_presence.last_heard_ms',
          'device_states.epoch',
          'device_states.rev',
          'device_states.held_epoch',
          'device_states.held_rev',
        ])
        .where('clusters.retired_ms', 'is', null)
        .orderBy('clusters.created_ms')
        .orderBy('clusters.id')
        .execute(),
    /** What a series may sound, by its id: the version of the bulletin that its approval binds. */
    approvedVersions: () =>
      db
        .selectFrom('series')
        .innerJoin('approvals', 'approvals.id', 'series.approval_id')
        .innerJoin('manifests', 'manifests.sha256', 'approvals.manifest')
        .select(['series.id', 'manifests.version'])
        .execute(),
    async bulletinVersions(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
      const rows = await inChunks(ids, (some) =>
        db.selectFrom('bulletins').select(['id', 'version']).where('id', 'in', some).execute(),
      );
      return new Map(rows.map(({ id, version }) => [id, version]));
    },
    variants: (bulletinIds: readonly string[]) =>
      inChunks(bulletinIds, (some) =>
        db.selectFrom('variants').selectAll().where('bulletin_id', 'in', some).orderBy('language').execute(),
      ),
    /** What each box said last of sounds. */
    media: (deviceIds: readonly string[]) =>
      inChunks(deviceIds, (some) =>
        db
          .selectFrom('device_media')
          .select(['device_id', 'sha256', 'state', 'code'])
          .where('device_id', 'in', some)
          .execute(),
      ),
    /** Claims that these boxes sent since `fromMs`. */
    claims: (deviceIds: readonly string[], fromMs: number) =>
      inChunks(deviceIds, (some) =>
        db
          .selectFrom('journal_events')
          .select(['at_ms', 'body'])
          .where('device_id', 'in', some)
          .where('kind', '=', 'claim')
          .where('received_ms', '>=', fromMs)
          .execute(),
      ),
  };
}

export type TodayStore = ReturnType<typeof createTodayStore>;
export type ClusterNow = Awaited<ReturnType<TodayStore['clusters']>>[number];

async function inChunks<Row>(
  ids: readonly string[],
  read: (some: readonly string[]) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let at = 0; at < ids.length; at += CHUNK) rows.push(...(await read(ids.slice(at, at + CHUNK))));
  return rows;
}
