import { AppError, type Clock, type RandomId } from '@loa/kernel';
import { createApprovalStore } from '../approvals/approval.store.ts';
import { requireWithin } from '../areas/area-access.service.ts';
import { recordAudit } from '../audit/audit.service.ts';
import type { Db, Tx } from '../db/database.ts';
import type { ControllerErrorCode } from '../errors.ts';
import type { Actor } from '../http/access.ts';
import type { LiveEvents } from '../live-events/live-events.service.ts';
import type { Sounds } from '../sounds/sounds.service.ts';
import { type BulletinRow, createBulletinStore } from './bulletin.store.ts';
import type { BulletinContent, VariantDraft } from './bulletin-content.schema.ts';
import { type Bulletin, type BulletinSummary, toBulletin, toSummary } from './bulletin-view.ts';

/** What an author writes. */
export interface BulletinDraft {
  readonly areaId: string;
  readonly title: string;
  readonly class: BulletinRow['class'];
  readonly variants: readonly VariantDraft[];
}

/** The procedure that an explainer was made from. */
export interface MadeFrom {
  readonly procedureId: string;
  readonly procedureVersion: number;
  readonly unverified: boolean;
}

/** Pieces from their first draft to something that can be heard. */
export interface Bulletins {
  /** Returns the newest 500, the last changed one first. */
  list(): Promise<readonly BulletinSummary[]>;
  /** @throws {AppError} bulletin/unknown */
  get(id: string): Promise<Bulletin>;
  /** @throws {AppError} area/unknown, people/forbidden, sound/unknown */
  create(actor: Actor, draft: BulletinDraft, origin: string, madeFrom?: MadeFrom): Promise<Bulletin>;
  /**
   * Makes a new version. What was asked or approved for the old one is void (P2), and what it would have aired is recalled.
   * @throws {AppError} bulletin/unknown, people/forbidden, sound/unknown; request/stale-version; bulletin/wrong-state.
   */
  edit(
    actor: Actor,
    id: string,
    changes: { readonly version: number } & {
      readonly [Key in keyof BulletinEdit]?: BulletinEdit[Key] | undefined;
    },
    origin: string,
  ): Promise<Bulletin>;
  /**
   * Puts it in the queue to be rendered; one that is in it already stays where it is.
   * @throws {AppError} bulletin/unknown, people/forbidden; bulletin/wrong-state once it was submitted.
   */
  render(actor: Actor, id: string, origin: string): Promise<Bulletin>;
}
type BulletinEdit = Omit<BulletinDraft, 'areaId'>;

const RENDERABLE: readonly BulletinRow['state'][] = ['draft', 'failed', 'ready', 'returned'];

/**
 * Creates the bulletins on the main database.
 * @param on told after the commit: `queued`, that a bulletin waits to be rendered; `voided`, that something approved may sound no longer.
 */
export function createBulletins({
  db,
  clock,
  newId,
  liveEvents,
  sounds,
  on,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly newId: RandomId;
  readonly liveEvents: LiveEvents;
  readonly sounds: Pick<Sounds, 'get'>;
  readonly on: { readonly queued: () => void; readonly voided: () => void };
}): Bulletins {
  /** Changes a bulletin in one transaction with its audit row, and tells the console. */
  const change = async (
    { actor, id, origin }: { readonly actor: Actor; readonly id: string; readonly origin: string },
    decide: (
      tx: Tx,
      row: BulletinRow,
    ) => Promise<{ readonly action: string; readonly changes: Partial<BulletinRow> }>,
  ): Promise<Bulletin> => {
    const { area_id } = await bulletinRow(db, id);
    await requireWithin(db, actor, 'content:write', area_id);
    const after = await db.transaction().execute(async (tx) => {
      const row = await bulletinRow(tx, id);
      const { action, changes } = await decide(tx, row);
      const now = { ...row, ...changes, updated_ms: clock.now().epochMilliseconds };
      await createBulletinStore(tx).set(id, now);
      const facts = { actor: actor.userId, subject: `bulletin:${id}`, origin, action };
      await recordAudit(tx, clock, { ...facts, before: auditFacts(row), after: auditFacts(now) });
      return now;
    });
    await liveEvents.publish({ kind: 'bulletin', bulletinId: id, state: after.state });
    return toBulletin(db, after);
  };
  /** A recording that is not there is refused now, not when it should be rendered. */
  const requireRecordings = async (variants: readonly VariantDraft[]) => {
    for (const segment of variants.flatMap(({ segments }) => segments))
      if (segment.kind === 'recording') await sounds.get(segment.sound);
  };

  return {
    list: async () => (await createBulletinStore(db).all()).map(toSummary),
    get: async (id) => toBulletin(db, await bulletinRow(db, id)),
    async create(actor, draft, origin, madeFrom) {
      await requireWithin(db, actor, 'content:write', draft.areaId);
      await requireRecordings(draft.variants);
      const nowMs = clock.now().epochMilliseconds;
      const content: BulletinContent = {
        variants: draft.variants,
        unverified: madeFrom?.unverified ?? false,
        authors: [actor.userId],
      };
      const row: BulletinRow = {
        id: newId('bul'),
        area_id: draft.areaId,
        title: draft.title,
        class: draft.class,
        version: 1,
        state: 'draft',
        procedure_id: madeFrom?.procedureId ?? null,
        procedure_version: madeFrom?.procedureVersion ?? null,
        author_id: actor.userId,
        content: JSON.stringify(content),
        failure: null,
        created_ms: nowMs,
        updated_ms: nowMs,
      };
      await db.transaction().execute(async (tx) => {
        await createBulletinStore(tx).add(row);
        const facts = { actor: actor.userId, subject: `bulletin:${row.id}`, origin };
        await recordAudit(tx, clock, { ...facts, action: 'bulletin.created', after: auditFacts(row) });
      });
      await liveEvents.publish({ kind: 'bulletin', bulletinId: row.id, state: row.state });
      return toBulletin(db, row);
    },
    async edit(actor, id, { version, title, class: broadcastClass, variants }, origin) {
      if (variants) await requireRecordings(variants);
      let voided: readonly string[] = [];
      const edited = await change({ actor, id, origin }, async (tx, row) => {
        if (row.version !== version)
          throw new AppError<ControllerErrorCode>(
            `it is at version ${row.version} now, you looked at ${version}: read it again`,
            { code: 'request/stale-version' },
          );
        if (row.state === 'withdrawn') throw wrongState(row, 'changed');
        voided = await createApprovalStore(tx).void(id); // P2: nobody approved what it says now
        const before = JSON.parse(row.content) as BulletinContent;
        const content: BulletinContent = {
          ...before,
          variants: variants ?? before.variants,
          authors: [...new Set([...before.authors, actor.userId])],
        };
        return {
          action: 'bulletin.edited',
          changes: {
            title: title ?? row.title,
            class: broadcastClass ?? row.class,
            content: JSON.stringify(content),
            version: row.version + 1,
            state: 'draft',
            failure: null,
          },
        };
      });
      if (voided.length > 0) on.voided();
      return edited;
    },
    async render(actor, id, origin) {
      const row = await bulletinRow(db, id);
      if (row.state === 'rendering') return toBulletin(db, row);
      const queued = await change({ actor, id, origin }, async (_, now) => {
        if (!RENDERABLE.includes(now.state)) throw wrongState(now, 'rendered');
        return { action: 'bulletin.render-asked', changes: { state: 'rendering', failure: null } };
      });
      on.queued();
      return queued;
    },
  };
}

/** @throws {AppError} bulletin/unknown */
async function bulletinRow(db: Db, id: string): Promise<BulletinRow> {
  const row = await createBulletinStore(db).find(id);
  if (!row)
    throw new AppError<ControllerErrorCode>(`there is no bulletin ${id}: GET /api/v1/bulletins lists them`, {
      code: 'bulletin/unknown',
    });
  return row;
}

const wrongState = ({ state }: BulletinRow, verb: string) =>
  new AppError<ControllerErrorCode>(
    `it is ${state} and cannot be ${verb} as it stands: change its text first, which asks for another approval`,
    { code: 'bulletin/wrong-state', details: { state } },
  );

const auditFacts = (row: BulletinRow) => ({
  areaId: row.area_id,
  title: row.title,
  class: row.class,
  version: row.version,
  state: row.state,
  authorId: row.author_id,
  content: JSON.parse(row.content) as BulletinContent,
});
