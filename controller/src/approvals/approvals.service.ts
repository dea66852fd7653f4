import { AppError, type Clock, type RandomId } from '@loa/kernel';
import { requireWithin } from '../areas/area-access.service.ts';
import { recordAudit } from '../audit/audit.service.ts';
import { type BulletinRow, createBulletinStore } from '../bulletins/bulletin.store.ts';
import type { BulletinContent } from '../bulletins/bulletin-content.schema.ts';
import type { Db } from '../db/database.ts';
import type { ControllerErrorCode } from '../errors.ts';
import type { Actor } from '../http/access.ts';
import type { LiveEvents } from '../live-events/live-events.service.ts';
import { type ApprovalRow, createApprovalStore } from './approval.store.ts';
import { bindManifest, type Submission } from './bind-manifest.ts';
import { requireOnClusters } from './cluster-rights.ts';
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

/**
 * Creates the approvals on the main database.
 * @param onVoided told after the commit that something approved may sound no longer.
 */
export function createApprovals({
  db,
  clock,
  newId,
  liveEvents,
  onVoided,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly newId: RandomId;
  readonly liveEvents: LiveEvents;
  readonly onVoided: () => void;
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
    const decided = await db.transaction().execute(async (tx) => {
      const { approval, bulletin } = await waiting(tx, id);
      await requireWithin(tx, actor, 'content:approve', bulletin.area_id);
      await requireOnClusters(tx, actor, 'content:approve', approval.manifest.clusterIds);
      const { authors } = JSON.parse(bulletin.content) as BulletinContent;
      // P2: whoever wrote or submitted it is not the one who lets it out.
      if (decision.state === 'approved' && [...authors, approval.submittedBy].includes(actor.userId))
        throw fault('approval/own-work', 'you wrote or submitted it: somebody else must approve it');
      await createApprovalStore(tx).decide(id, {
        state: decision.state,
        decided_by: actor.userId,
        decided_ms: clock.now().epochMilliseconds,
        reason: decision.reason,
        heard: decision.heardToEnd ? 1 : 0,
      });
      await createBulletinStore(tx).set(bulletin.id, { state: decision.state });
      await recordAudit(tx, clock, {
        actor: actor.userId,
        action: `bulletin.${decision.state}`,
        subject: `bulletin:${bulletin.id}`,
        before: { state: bulletin.state },
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
    await liveEvents.publish({ kind: 'approval', bulletinId: decided.bulletinId, approvalId: id });
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
      let voided: readonly string[] = [];
      const approval = await db.transaction().execute(async (tx) => {
        const row = await bulletinOf(tx, bulletinId);
        const manifest = await bindManifest(tx, row, submission);
        await requireOnClusters(tx, actor, 'content:write', manifest.clusterIds);
        const text = manifestText(manifest);
        const sha256 = manifestSha(text);
        const store = createApprovalStore(tx);
        const nowMs = clock.now().epochMilliseconds;
        voided = await store.void(bulletinId); // P2: asking for something else gives up what was approved
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
      if (voided.length > 0) onVoided();
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
