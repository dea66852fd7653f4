import { AppError, type Clock, type RandomId } from '@loa/kernel';
import { requireWithin } from '../areas/area-access.service.ts';
import { recordAudit } from '../audit/audit.service.ts';
import type { Db } from '../db/database.ts';
import type { ControllerErrorCode } from '../errors.ts';
import type { Actor } from '../http/access.ts';
import { type ClusterRow, createClusterStore } from './cluster.store.ts';
import { parseTags } from './targets.service.ts';

/** What a person decides about a cluster. */
export interface ClusterSettings {
  readonly areaId: string;
  readonly name: string;
  /** BCP 47 tags, the first spoken first: `vi`, `bdq`. */
  readonly languages: readonly string[];
  /** What it plays when nothing lowers it, in dB, at most 0. */
  readonly gainDb: number;
  /** How much later sound leaves the horn than the sink. */
  readonly calibrationMs: number;
  /** How long the amplifier needs before it sounds. */
  readonly warmUpMs: number;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly tags: readonly string[];
}

/** A place that sounds as one. */
export interface Cluster extends ClusterSettings {
  readonly id: string;
  /** When it was taken out of service; `null` while it serves. */
  readonly retiredMs: number | null;
  readonly createdMs: number;
  /** The box that serves it now. */
  readonly device: {
    readonly id: string;
    readonly online: boolean;
    readonly lastHeardMs: number | null;
  } | null;
}

/** The clusters of the site. */
export interface Clusters {
  list(): Promise<readonly Cluster[]>;
  /** @throws {AppError} cluster/unknown. */
  get(id: string): Promise<Cluster>;
  /** @throws {AppError} area/unknown, people/forbidden. */
  create(actor: Actor, wanted: ClusterSettings, origin: string): Promise<Cluster>;
  /**
   * Changes settings; another `areaId` moves the cluster, history and all; `retired` takes it out of service or back.
   * @throws {AppError} cluster/unknown, area/unknown, people/forbidden.
   */
  change(
    actor: Actor,
    id: string,
    changes: { readonly [Key in keyof ClusterSettings]?: ClusterSettings[Key] | undefined } & {
      readonly retired?: boolean | undefined;
    },
    origin: string,
  ): Promise<Cluster>;
}

/**
 * Creates the clusters on the main database.
 * @param onChanged told after the commit which clusters should hear something else now.
 */
export function createClusters({
  db,
  clock,
  newId,
  onChanged,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly newId: RandomId;
  readonly onChanged: (clusterIds: readonly string[]) => void;
}): Clusters {
  const list = async (): Promise<readonly Cluster[]> => {
    const store = createClusterStore(db);
    const [rows, devices] = await Promise.all([store.all(), store.activeDevices()]);
    return rows.map((row) => {
      const device = devices.find(({ cluster_id }) => cluster_id === row.id);
      return {
        ...fromRow(row),
        device: device
          ? { id: device.id, online: device.online === 1, lastHeardMs: device.last_heard_ms }
          : null,
      };
    });
  };
  const get = async (id: string): Promise<Cluster> => {
    const found = (await list()).find((cluster) => cluster.id === id);
    if (!found) throw unknownCluster(id);
    return found;
  };
  return {
    list,
    get,
    async create(actor, wanted, origin) {
      await requireWithin(db, actor, 'site:write', wanted.areaId);
      const id = newId('clu');
      await db.transaction().execute(async (tx) => {
        const row = { id, ...toRow(wanted), retired_ms: null, created_ms: clock.now().epochMilliseconds };
        await createClusterStore(tx).add(row);
        const facts = { actor: actor.userId, subject: `cluster:${id}`, origin };
        await recordAudit(tx, clock, { ...facts, action: 'cluster.created', after: wanted });
      });
      onChanged([id]);
      return get(id);
    },
    async change(actor, id, { retired, ...changes }, origin) {
      const { areaId } = await get(id);
      await requireWithin(db, actor, 'site:write', areaId);
      if (changes.areaId !== undefined) await requireWithin(db, actor, 'site:write', changes.areaId);
      await db.transaction().execute(async (tx) => {
        const store = createClusterStore(tx);
        const before = await store.find(id);
        if (!before) throw unknownCluster(id);
        const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
        const after = {
          ...before,
          ...toRow({ ...fromRow(before), ...given }),
          retired_ms: retiredMs(before.retired_ms, retired, clock.now().epochMilliseconds),
        };
        await store.change(id, after);
        await recordAudit(tx, clock, {
          actor: actor.userId,
          action: 'cluster.changed',
          subject: `cluster:${id}`,
          before: fromRow(before),
          after: fromRow(after),
          origin,
        });
      });
      onChanged([id]);
      return get(id);
    },
  };
}

/** Retiring twice keeps the first moment; `undefined` changes nothing. */
function retiredMs(before: number | null, retired: boolean | undefined, nowMs: number): number | null {
  if (retired === undefined) return before;
  return retired ? (before ?? nowMs) : null;
}

/** The fault of naming a cluster that does not exist. */
export function unknownCluster(id: string): AppError<ControllerErrorCode> {
  return new AppError(`there is no cluster ${id}: GET /api/v1/clusters lists them`, {
    code: 'cluster/unknown',
    details: { clusterId: id },
  });
}

function fromRow(row: ClusterRow): Omit<Cluster, 'device'> {
  return {
    id: row.id,
    areaId: row.area_id,
    name: row.name,
    languages: JSON.parse(row.languages) as string[],
    gainDb: row.gain_db,
    calibrationMs: row.calibration_ms,
    warmUpMs: row.warm_up_ms,
    latitude: row.latitude,
    longitude: row.longitude,
    tags: parseTags(row.tags),
    retiredMs: row.retired_ms,
    createdMs: row.created_ms,
  };
}

function toRow(settings: ClusterSettings) {
  return {
    area_id: settings.areaId,
    name: settings.name,
    languages: JSON.stringify(settings.languages),
    gain_db: settings.gainDb,
    calibration_ms: settings.calibrationMs,
    warm_up_ms: settings.warmUpMs,
    latitude: settings.latitude,
    longitude: settings.longitude,
    tags: JSON.stringify(settings.tags),
  };
}
