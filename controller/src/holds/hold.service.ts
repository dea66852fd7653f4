import { AppError, type Clock, type Logger, type RandomId } from '@loa/kernel';
import { z } from 'zod';
import { requireWithin } from '../areas/area-access.service.ts';
import { recordAudit } from '../audit/audit.service.ts';
import { createClusterStore } from '../clusters/cluster.store.ts';
import { resolveTargets } from '../clusters/targets.service.ts';
import type { Db } from '../db/database.ts';
import type { ControllerErrorCode } from '../errors.ts';
import type { Actor } from '../http/access.ts';
import { createJournalStore } from '../ledger/journal.store.ts';
import type { LiveEvents } from '../live-events/live-events.service.ts';
import { createBoxStore } from '../orders/box.store.ts';
import type { Orders } from '../orders/order.service.ts';
import { createHoldStore, type HoldRow } from './hold.store.ts';
import { holdBody, MAX_HOLDS, overfullClusters } from './hold-body.ts';
import { type HoldTargets, readTargets } from './hold-targets.ts';

/** What somebody asks for. */
export interface NewHold {
  readonly targets: HoldTargets;
  readonly includesEmergency: boolean;
  /** `null`: until released. */
  readonly untilMs: number | null;
  readonly reason: string;
}

/** Whether one cluster obeys: its own word, from its journal. */
export interface HoldMember {
  readonly clusterId: string;
  /** `confirmed`: it says that it holds this hold (or has let go of it); `silent` is then its word on whether nothing sounds. */
  readonly state: 'confirmed' | 'waiting' | 'no-box';
  readonly silent: boolean | null;
}

/** A hold with what became of it. */
export interface Hold extends NewHold {
  readonly id: string;
  readonly fromMs: number;
  readonly by: string;
  readonly releasedMs: number | null;
  readonly releasedBy: string | null;
  readonly members: readonly HoldMember[];
}

/** Silence by order (P9). */
export interface Holds {
  /**
   * @throws {AppError} area/unknown, cluster/unknown, people/forbidden; hold/over when its end has passed; hold/too-many, naming
   * the clusters, where a box would take no more.
   */
  place(actor: Actor, hold: NewHold, origin: string): Promise<Hold>;
  /** @throws {AppError} hold/unknown, people/forbidden. Releasing twice changes nothing. */
  release(actor: Actor, holdId: string, origin: string): Promise<Hold>;
  /** The newest 100, newest first. */
  list(): Promise<readonly Hold[]>;
}

const LISTED = 100;
const holdEvent = z.object({ holds: z.array(z.string()), silent: z.boolean() });

/** Creates the holds. Each change goes out at once as the full set of every box it concerns. */
export function createHolds({
  db,
  orders,
  world: { clock, newId, log, liveEvents },
}: {
  readonly db: Db;
  readonly orders: Pick<Orders, 'setState'>;
  readonly world: {
    readonly clock: Clock;
    readonly newId: RandomId;
    readonly log: Logger;
    readonly liveEvents: LiveEvents;
  };
}): Holds {
  const nowMs = () => clock.now().epochMilliseconds;

  const requireAll = async (actor: Actor, { areas = [], clusters = [] }: HoldTargets) => {
    const known = await createClusterStore(db).all();
    const homes = clusters.map((id) => {
      const cluster = known.find((candidate) => candidate.id === id);
      if (!cluster)
        throw new AppError<ControllerErrorCode>(
          `there is no cluster ${id}: GET /api/v1/clusters lists them`,
          {
            code: 'cluster/unknown',
          },
        );
      return cluster.area_id;
    });
    for (const areaId of new Set([...areas, ...homes]))
      await requireWithin(db, actor, 'broadcast:hold', areaId);
  };

  /** A box that cannot be told now must not keep the next from being told (P9); the planner's daily run repairs what failed here. */
  const send = async (targets: HoldTargets) => {
    const boxes = createBoxStore(db);
    for (const clusterId of await resolveTargets(db, targets))
      try {
        const box = await boxes.ofCluster(clusterId);
        if (box) await orders.setState(box.id, 'hold', (tx) => holdBody(tx, clusterId, nowMs()));
      } catch (error) {
        log.error({ err: error, clusterId }, 'a hold could not be signed for a cluster');
      }
  };

  const memberOf = async (row: HoldRow, clusterId: string): Promise<HoldMember> => {
    const box = await createBoxStore(db).ofCluster(clusterId);
    if (!box) return { clusterId, state: 'no-box', silent: null };
    const event = await createJournalStore(db).newestOfKind(box.id, 'hold');
    const word = event && holdEvent.parse(JSON.parse(event.body));
    const isOver = row.released_ms !== null || (row.until_ms !== null && row.until_ms <= nowMs());
    const isConfirmed = isOver ? !word?.holds.includes(row.id) : word?.holds.includes(row.id);
    return isConfirmed
      ? { clusterId, state: 'confirmed', silent: word?.silent ?? null }
      : { clusterId, state: 'waiting', silent: null };
  };

  const view = async (row: HoldRow): Promise<Hold> => {
    const targets = readTargets(row.target);
    const members: HoldMember[] = [];
    for (const clusterId of await resolveTargets(db, targets)) members.push(await memberOf(row, clusterId));
    return {
      id: row.id,
      targets,
      includesEmergency: row.includes_emergency === 1,
      fromMs: row.from_ms,
      untilMs: row.until_ms,
      reason: row.reason,
      by: row.created_by,
      releasedMs: row.released_ms,
      releasedBy: row.released_by,
      members,
    };
  };

  return {
    async place(actor, hold, origin) {
      await requireAll(actor, hold.targets);
      if (hold.untilMs !== null && hold.untilMs <= nowMs())
        throw new AppError<ControllerErrorCode>(
          'the end of this hold has passed: choose a later one, or none to hold until it is released',
          { code: 'hold/over' },
        );
      const row: HoldRow = {
        id: newId('hol'),
        target: JSON.stringify(hold.targets),
        includes_emergency: hold.includesEmergency ? 1 : 0,
        from_ms: nowMs(),
        until_ms: hold.untilMs,
        reason: hold.reason,
        created_by: actor.name,
        released_ms: null,
        released_by: null,
      };
      await db.transaction().execute(async (tx) => {
        await createHoldStore(tx).add(row);
        const clusterIds = await overfullClusters(tx, hold.targets, nowMs());
        if (clusterIds.length > 0)
          throw new AppError<ControllerErrorCode>(
            `${MAX_HOLDS} holds are in force already for ${clusterIds.join(', ')}: release one that is no longer needed`,
            { code: 'hold/too-many', details: { clusterIds } },
          );
        const subject = `hold:${row.id}`;
        await recordAudit(tx, clock, {
          actor: actor.userId,
          action: 'hold.placed',
          subject,
          after: hold,
          origin,
        });
      });
      await send(hold.targets);
      await liveEvents.publish({ kind: 'hold', holdId: row.id });
      return view(row);
    },
    async release(actor, holdId, origin) {
      const found = await createHoldStore(db).find(holdId);
      if (!found)
        throw new AppError<ControllerErrorCode>(`there is no hold ${holdId}: GET /api/v1/holds lists them`, {
          code: 'hold/unknown',
        });
      await requireAll(actor, readTargets(found.target));
      const row = await db.transaction().execute(async (tx) => {
        const store = createHoldStore(tx);
        if (!(await store.release(holdId, actor.name, nowMs()))) return found;
        const subject = `hold:${holdId}`;
        await recordAudit(tx, clock, { actor: actor.userId, action: 'hold.released', subject, origin });
        return (await store.find(holdId)) ?? found;
      });
      await send(readTargets(row.target));
      await liveEvents.publish({ kind: 'hold', holdId });
      return view(row);
    },
    async list() {
      const holds: Hold[] = [];
      for (const row of await createHoldStore(db).recent(LISTED)) holds.push(await view(row));
      return holds;
    },
  };
}
