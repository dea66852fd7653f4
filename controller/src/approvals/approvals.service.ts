import type { SoundRef } from '@loa/contract';
import { AppError, type Clock, type RandomId } from '@loa/kernel';
import type { PolicyWindow } from '@loa/schedules';
import { requireWithin } from '../areas/area-access.service.ts';
import { recordAudit } from '../audit/audit.service.ts';
import { type BulletinRow, createBulletinStore, type VariantRow } from '../bulletins/bulletin.store.ts';
import type { BulletinContent } from '../bulletins/bulletin-content.schema.ts';
import { resolveTargets, type Targets } from '../clusters/targets.service.ts';
import type { Db } from '../db/database.ts';
import type { ControllerErrorCode } from '../errors.ts';
import type { Actor } from '../http/access.ts';
import type { LiveEvents } from '../live-events/live-events.service.ts';
import { type ApprovalRow, createApprovalStore } from './approval.store.ts';
import { type Manifest, manifestSha, manifestText } from './manifest.ts';

/** A submission and what became of it. */
export interface Approval {
  readonly id: string;
  readonly bulletinId: string;
  readonly state: ApprovalRow['state'];
  readonly manifestSha: string;
  readonly manifest: Manifest;
  readonly submittedBy: string;
  readonly submittedMs: number;
  readonly decidedBy: string | null;
  readonly decidedMs: number | null;
  readonly reason: string;
  readonly heardToEnd: boolean;
}

/** What an author asks to be let out. */
export interface Submission {
  readonly targets: Targets;
  readonly firstDate: string;
  readonly lastDate: string;
  readonly windows: readonly PolicyWindow[];
}

/** Binds what may sound to the word of a second person (P2). */
export interface Approvals {
  /** @throws {AppError} bulletin/unknown, bulletin/not-rendered, people/forbidden, request/invalid */
  submit(actor: Actor, bulletinId: string, submission: Submission, origin: string): Promise<Approval>;
  list(state: ApprovalRow['state']): Promise<readonly Approval[]>;
  /** @throws {AppError} approval/unknown */
  get(id: string): Promise<Approval>;
  /** @throws {AppError} approval/unknown, approval/void, approval/own-work, approval/not-heard, people/forbidden */
  approve(
    actor: Actor,
    id: string,
    decision: { readonly heardToEnd: boolean; readonly reason: string },
    origin: string,
  ): Promise<Approval>;
  /** @throws {AppError} approval/unknown, approval/void, people/forbidden */
  sendBack(actor: Actor, id: string, reason: string, origin: string): Promise<Approval>;
}

const fault = (code: ControllerErrorCode, message: string, details: Record<string, unknown> = {}) =>
  new AppError<ControllerErrorCode>(message, { code, details });

/** Creates the approvals on the main database. */
export function createApprovals({
  db,
  clock,
  newId,
  liveEvents,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly newId: RandomId;
  readonly liveEvents: LiveEvents;
}): Approvals {
  const load = async (from: Db, id: string): Promise<Approval> => {
    const row = await createApprovalStore(from).find(id);
    if (!row) throw fault('approval/unknown', `there is no submission ${id}`);
    return toApproval(row);
  };
  const decide = async (
    actor: Actor,
    id: string,
    decision: { state: 'approved' | 'returned'; reason: string; heardToEnd: boolean },
    origin: string,
  ): Promise<Approval> => {
    const { approval, bulletin } = await waiting(db, id);
    await requireWithin(db, actor, 'content:approve', bulletin.area_id);
    const decided = await db.transaction().execute(async (tx) => {
      const now = await waiting(tx, id); // somebody else may have decided meanwhile
      // P2: whoever wrote or submitted it is not the one who lets it out.
      if (decision.state === 'approved' && [bulletin.author_id, approval.submittedBy].includes(actor.userId))
        throw fault('approval/own-work', 'you wrote or submitted it: somebody else must approve it');
      await createApprovalStore(tx).decide(id, {
        state: decision.state,
        decided_by: actor.userId,
        decided_ms: clock.now().epochMilliseconds,
        reason: decision.reason,
        heard: decision.heardToEnd ? 1 : 0,
      });
      await createBulletinStore(tx).set(now.bulletin.id, { state: decision.state });
      await recordAudit(tx, clock, {
        actor: actor.userId,
        action: `bulletin.${decision.state}`,
        subject: `bulletin:${now.bulletin.id}`,
        before: { state: now.bulletin.state },
        after: {
          approvalId: id,
          manifest: approval.manifestSha,
          reason: decision.reason,
          heardToEnd: decision.heardToEnd,
        },
        origin,
      });
      return load(tx, id);
    });
    await liveEvents.publish({ kind: 'approval', bulletinId: bulletin.id, approvalId: id });
    return decided;
  };
  const waiting = async (from: Db, id: string): Promise<{ approval: Approval; bulletin: BulletinRow }> => {
    const approval = await load(from, id);
    if (approval.state !== 'waiting')
      throw fault('approval/void', `it waits no longer: it is ${approval.state}`, { state: approval.state });
    return { approval, bulletin: await bulletinOf(from, approval.bulletinId) };
  };
  return {
    get: (id) => load(db, id),
    list: async (state) => (await createApprovalStore(db).inState(state)).map(toApproval),
    async submit(actor, bulletinId, submission, origin) {
      const bulletin = await bulletinOf(db, bulletinId);
      await requireWithin(db, actor, 'content:write', bulletin.area_id);
      const approval = await db.transaction().execute(async (tx) => {
        const { text, sha256, row } = await bind(tx, await bulletinOf(tx, bulletinId), submission);
        const store = createApprovalStore(tx);
        const nowMs = clock.now().epochMilliseconds;
        await store.void(bulletinId);
        await store.addManifest({
          sha256,
          bulletin_id: bulletinId,
          version: row.version,
          content: text,
          created_ms: nowMs,
        });
        const id = newId('apr');
        await store.add({
          id,
          bulletin_id: bulletinId,
          manifest: sha256,
          state: 'waiting',
          submitted_by: actor.userId,
          submitted_ms: nowMs,
          decided_by: null,
          decided_ms: null,
          reason: '',
          heard: 0,
        });
        await createBulletinStore(tx).set(bulletinId, { state: 'submitted', updated_ms: nowMs });
        await recordAudit(tx, clock, {
          actor: actor.userId,
          action: 'bulletin.submitted',
          subject: `bulletin:${bulletinId}`,
          before: { state: row.state },
          after: { approvalId: id, manifest: sha256 },
          origin,
        });
        return load(tx, id);
      });
      await liveEvents.publish({ kind: 'approval', bulletinId, approvalId: approval.id });
      return approval;
    },
    async approve(actor, id, { heardToEnd, reason }, origin) {
      if (!heardToEnd && reason === '')
        throw fault('approval/not-heard', 'listen to the preview to its end, or say why it may air unheard');
      return decide(actor, id, { state: 'approved', reason, heardToEnd }, origin);
    },
    sendBack: (actor, id, reason, origin) =>
      decide(actor, id, { state: 'returned', reason, heardToEnd: false }, origin),
  };
}

async function bulletinOf(db: Db, id: string): Promise<BulletinRow> {
  const row = await createBulletinStore(db).find(id);
  if (!row) throw fault('bulletin/unknown', `there is no bulletin ${id}`);
  return row;
}

/** Writes down exactly what is asked for: rendered sounds, clusters by id, dates and hours. */
async function bind(tx: Db, row: BulletinRow, { targets, firstDate, lastDate, windows }: Submission) {
  const variants = await createBulletinStore(tx).variants(row.id, row.version);
  if (variants.length === 0 || !['ready', 'submitted', 'approved', 'returned'].includes(row.state))
    throw fault('bulletin/not-rendered', 'make and hear its sound first: there is nothing to approve yet', {
      state: row.state,
    });
  const clusterIds = await resolveTargets(tx, targets);
  const wrong = [
    ...(clusterIds.length === 0
      ? [{ path: 'targets', message: 'wanted at least one loudspeaker cluster; these name none' }]
      : []),
    ...(lastDate < firstDate
      ? [{ path: 'lastDate', message: `wanted ${firstDate} or later, got ${lastDate}` }]
      : []),
  ];
  if (wrong.length > 0)
    throw fault('request/invalid', wrong.map(({ path, message }) => `${path}: ${message}`).join('; '), {
      fields: wrong,
    });
  const content = JSON.parse(row.content) as BulletinContent;
  const text = manifestText({
    bulletinId: row.id,
    version: row.version,
    title: row.title,
    class: row.class,
    unverified: content.unverified,
    variants: variants.map(toManifestVariant),
    clusterIds,
    firstDate,
    lastDate,
    windows,
  });
  return { text, sha256: manifestSha(text), row };
}

const toManifestVariant = (variant: VariantRow) => ({
  language: variant.language,
  sounds: (JSON.parse(variant.sounds) as SoundRef[]).map(({ sha256 }) => sha256),
  spokenText: variant.spoken_text,
  durationMs: variant.duration_ms,
});

const toApproval = (row: ApprovalRow & { readonly manifest_content: string }): Approval => ({
  id: row.id,
  bulletinId: row.bulletin_id,
  state: row.state,
  manifestSha: row.manifest,
  manifest: JSON.parse(row.manifest_content) as Manifest,
  submittedBy: row.submitted_by,
  submittedMs: row.submitted_ms,
  decidedBy: row.decided_by,
  decidedMs: row.decided_ms,
  reason: row.reason,
  heardToEnd: row.heard === 1,
});
