import { AppError, type Clock, type RandomId } from '@loa/kernel';
import type { PlayRules } from '@loa/schedules';
import { requireWithin } from '../areas/area-access.service.ts';
import { recordAudit } from '../audit/audit.service.ts';
import { type BulletinRow, createBulletinStore } from '../bulletins/bulletin.store.ts';
import { resolveTargets, type Targets } from '../clusters/targets.service.ts';
import type { Db } from '../db/database.ts';
import type { ControllerErrorCode } from '../errors.ts';
import type { Actor } from '../http/access.ts';
import type { LiveEvents } from '../live-events/live-events.service.ts';
import type { Planner } from '../plans/planner.service.ts';
import { rulesFor } from './rules-by-class.ts';
import type { Repeat, Schedule } from './schedule.schema.ts';
import { createSeriesStore, type SeriesRow, type SeriesWithApproval } from './series.store.ts';
import { requireSound, type SeriesDraft, scheduleOf } from './series-draft.ts';
import { nextStartMs } from './starts.ts';

/** A series as the console shows it. */
export interface SeriesView extends SeriesDraft {
  readonly id: string;
  readonly rootId: string;
  readonly bulletinId: string;
  readonly title: string;
  readonly class: BulletinRow['class'];
  /** Anything but `approved`: nobody hears it. */
  readonly approvalState: SeriesWithApproval['approval_state'];
  readonly timeZone: string;
  readonly state: SeriesRow['state'];
  /** The next start by its rule alone; `null`: none lies ahead. */
  readonly nextStartMs: number | null;
  readonly createdBy: string;
  readonly createdMs: number;
  readonly updatedMs: number;
}

/** Places on the calendar. */
export interface SeriesDesk {
  /** Returns the newest 1,000, newest first. */
  list(): Promise<readonly SeriesView[]>;
  /** @throws {AppError} series/unknown */
  get(id: string): Promise<SeriesView>;
  /** @throws {AppError} bulletin/unknown, people/forbidden, and what `requireSound` throws. */
  place(actor: Actor, bulletinId: string, draft: SeriesDraft, origin: string): Promise<SeriesView>;
  /** What is left out stays as it is. @throws {AppError} series/unknown, series/withdrawn, people/forbidden, and what `requireSound` throws. */
  change(
    actor: Actor,
    id: string,
    changes: { readonly [Key in keyof SeriesDraft]?: SeriesDraft[Key] | undefined },
    origin: string,
  ): Promise<SeriesView>;
  /**
   * Recalls it from every box and says which clusters have not confirmed that yet.
   * @throws {AppError} series/unknown, people/forbidden
   */
  withdraw(
    actor: Actor,
    id: string,
    origin: string,
  ): Promise<{ readonly series: SeriesView; readonly stillHeldBy: readonly string[] }>;
  /** Clusters on which it was planned and whose box does not hold the newest plan yet. @throws {AppError} series/unknown */
  stillHeldBy(id: string): Promise<readonly string[]>;
}

/** Creates the desk on the main database. Every series counts its dates and hours in the zone of the site, as approvals do. */
export function createSeriesDesk({
  db,
  clock,
  newId,
  liveEvents,
  planner,
  timeZone,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly newId: RandomId;
  readonly liveEvents: LiveEvents;
  readonly planner: Planner;
  readonly timeZone: string;
}): SeriesDesk {
  const nowMs = () => clock.now().epochMilliseconds;
  const load = async (from: Db, id: string): Promise<SeriesWithApproval> => {
    const row = await createSeriesStore(from).find(id);
    if (!row) throw fault('series/unknown', `there is no series ${id}: GET /api/v1/series lists them`);
    return row;
  };
  const view = async (id: string) => toView(await load(db, id), nowMs());
  const afterCommit = async (id: string, clusterIds: readonly string[]) => {
    planner.replan(clusterIds);
    await liveEvents.publish({ kind: 'series', seriesId: id });
  };
  const columns = (draft: SeriesDraft, rules: PlayRules) =>
    ({
      approval_id: draft.approvalId,
      rule: JSON.stringify(scheduleOf(draft)),
      time_zone: timeZone,
      targets: JSON.stringify(draft.targets),
      rules: JSON.stringify(rules),
      repeat: JSON.stringify(draft.repeat),
      gain_db: draft.gainDb,
      state: draft.approvalId === null ? 'draft' : 'active',
      updated_ms: nowMs(),
    }) satisfies Partial<SeriesRow>;

  return {
    list: async () => (await createSeriesStore(db).all()).map((row) => toView(row, nowMs())),
    get: view,
    async place(actor, bulletinId, draft, origin) {
      const id = newId('ser');
      const clusterIds = await db.transaction().execute(async (tx) => {
        const bulletin = await bulletinFor(tx, actor, bulletinId);
        const rules = rulesFor(bulletin.class, draft.rank);
        const meant = await requireSound(tx, draft, { id, bulletin, rules, timeZone, nowMs: nowMs() });
        await createSeriesStore(tx).add({
          ...{ id, root_id: id, bulletin_id: bulletinId, created_by: actor.userId, created_ms: nowMs() },
          ...columns(draft, rules),
        });
        const facts = { actor: actor.userId, subject: `series:${id}`, origin };
        await recordAudit(tx, clock, { ...facts, action: 'series.placed', after: { bulletinId, ...draft } });
        return meant;
      });
      await afterCommit(id, clusterIds);
      return view(id);
    },
    async change(actor, id, changes, origin) {
      const clusterIds = await db.transaction().execute(async (tx) => {
        const row = await load(tx, id);
        const bulletin = await bulletinFor(tx, actor, row.bulletin_id);
        if (row.state === 'withdrawn')
          throw fault('series/withdrawn', 'it was withdrawn: place the bulletin anew');
        const before = toDraft(row);
        const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
        const draft: SeriesDraft = { ...before, ...given };
        const rules = rulesFor(bulletin.class, draft.rank);
        const meant = await requireSound(tx, draft, { id, bulletin, rules, timeZone, nowMs: nowMs() });
        await createSeriesStore(tx).set(id, columns(draft, rules));
        const facts = { actor: actor.userId, subject: `series:${id}`, origin };
        await recordAudit(tx, clock, { ...facts, action: 'series.changed', before, after: draft });
        return [...new Set([...meant, ...(await resolveTargets(tx, before.targets))])];
      });
      await afterCommit(id, clusterIds);
      return view(id);
    },
    async withdraw(actor, id, origin) {
      const clusterIds = await db.transaction().execute(async (tx) => {
        const row = await load(tx, id);
        await bulletinFor(tx, actor, row.bulletin_id);
        if (row.state !== 'withdrawn') {
          await createSeriesStore(tx).set(id, { state: 'withdrawn', updated_ms: nowMs() });
          const facts = { actor: actor.userId, subject: `series:${id}`, origin };
          await recordAudit(tx, clock, {
            ...facts,
            action: 'series.withdrawn',
            before: { state: row.state },
          });
        }
        return createSeriesStore(tx).plannedOn(id);
      });
      await afterCommit(id, clusterIds);
      await planner.settle(); // before that, no box could know of it
      return { series: await view(id), stillHeldBy: await createSeriesStore(db).stillHeldBy(id) };
    },
    async stillHeldBy(id) {
      await load(db, id);
      return createSeriesStore(db).stillHeldBy(id);
    },
  };
}

const fault = (code: ControllerErrorCode, message: string) =>
  new AppError<ControllerErrorCode>(message, { code });

/** The bulletin of a series, where this person may write. */
async function bulletinFor(tx: Db, actor: Actor, id: string): Promise<BulletinRow> {
  const row = await createBulletinStore(tx).find(id);
  if (!row) throw fault('bulletin/unknown', `there is no bulletin ${id}: GET /api/v1/bulletins lists them`);
  await requireWithin(tx, actor, 'content:write', row.area_id);
  return row;
}

function toDraft(row: SeriesRow): SeriesDraft {
  return {
    ...(JSON.parse(row.rule) as Schedule),
    approvalId: row.approval_id,
    targets: JSON.parse(row.targets) as Targets,
    rank: (JSON.parse(row.rules) as PlayRules).rank,
    repeat: JSON.parse(row.repeat) as Repeat,
    gainDb: row.gain_db,
  };
}

function toView(row: SeriesWithApproval, nowMs: number): SeriesView {
  const draft = toDraft(row);
  return {
    ...draft,
    id: row.id,
    rootId: row.root_id,
    bulletinId: row.bulletin_id,
    title: row.title,
    class: (JSON.parse(row.rules) as PlayRules).class,
    approvalState: row.approval_state,
    timeZone: row.time_zone,
    state: row.state,
    nextStartMs: row.state === 'withdrawn' ? null : (nextStartMs(draft, row.time_zone, nowMs) ?? null),
    createdBy: row.created_by,
    createdMs: row.created_ms,
    updatedMs: row.updated_ms,
  };
}
