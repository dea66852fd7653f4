import { type Enrolment, type EnrolRequest, enrolment } from '@loa/contract';
import { AppError, type Clock, type RandomId } from '@loa/kernel';
import { recordAudit } from '../audit/audit.service.ts';
import { createClusterStore } from '../clusters/cluster.store.ts';
import type { Db } from '../db/database.ts';
import type { ControllerErrorCode } from '../errors.ts';
import type { SiteKeys } from '../orders/site-keys.service.ts';
import { claimCodeHash } from './claim-code.ts';
import { type ProvenKey, readCsr } from './csr.ts';
import { createDeviceStore } from './device.store.ts';
import { type ClaimRow, createEnrolmentStore, type EnrolmentRow } from './enrolment.store.ts';

/** The box's side of enrolment: ask, then ask again until a person has compared the words. */
export interface Enrolments {
  /**
   * Takes a box's request. The same code with the same key again is the same request.
   * @throws {AppError} edge/claim-refused, edge/claim-expired; edge/bad-request for a bad certificate request.
   */
  request(wanted: EnrolRequest): Promise<Enrolment>;
  /** @throws {AppError} edge/not-found; edge/unauthorised when `claimCode` is not the one it was asked with; edge/claim-expired. */
  poll(id: string, claimCode: string): Promise<Enrolment>;
}

const RETRY_AFTER_S = 2;

/** Creates the box's side of enrolment. `mqttUrl` is the broker's address as boxes reach it. */
export function createEnrolments({
  db,
  clock,
  newId,
  keys,
  mqttUrl,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly newId: RandomId;
  readonly keys: Pick<SiteKeys, 'root' | 'keysJws'>;
  readonly mqttUrl: () => string;
}): Enrolments {
  const store = createEnrolmentStore(db);
  const nowMs = () => clock.now().epochMilliseconds;

  const findClaim = async (code: string): Promise<ClaimRow> => {
    const claim = await store.findClaimByHash(claimCodeHash(code));
    if (!claim || claim.tries_left <= 0) throw claimRefused('there is no such claim code, or it was used up');
    if (claim.expires_ms <= nowMs())
      throw new AppError<ControllerErrorCode>('this claim code is older than 24 hours: ask for a new one', {
        code: 'edge/claim-expired',
      });
    return claim;
  };

  /** A try is paid for before the request is looked at, and durably. */
  const prove = async (claim: ClaimRow, csrPem: string): Promise<ProvenKey> => {
    try {
      return readCsr(csrPem);
    } catch (error) {
      await store.changeClaim(claim.id, { tries_left: claim.tries_left - 1 });
      throw error;
    }
  };

  const answer = async (row: EnrolmentRow): Promise<Enrolment> => {
    switch (row.state) {
      case 'pending':
        return enrolment.parse({
          status: 'pending',
          enrolmentId: row.id,
          fingerprintWords: row.fingerprint_words.split(' '),
          retryAfterS: RETRY_AFTER_S,
        });
      case 'refused':
        return enrolment.parse({ status: 'refused', enrolmentId: row.id, reason: row.reason });
      case 'issued': {
        const device = await createDeviceStore(db).find(row.device_id ?? '');
        const cluster = await createClusterStore(db).find(row.cluster_id);
        if (device?.state !== 'active' || !cluster)
          return enrolment.parse({
            status: 'refused',
            enrolmentId: row.id,
            reason: 'this box was replaced or revoked',
          });
        return enrolment.parse({
          status: 'issued',
          enrolmentId: row.id,
          deviceId: device.id,
          clusterId: cluster.id,
          clusterName: cluster.name,
          certificatePem: device.certificate_pem,
          linkKey: device.link_key,
          root: { kid: keys.root.kid, x: keys.root.x },
          keys: await keys.keysJws(),
          mqttUrl: mqttUrl(),
        });
      }
    }
  };

  return {
    async request(wanted) {
      const claim = await findClaim(wanted.claimCode);
      const key = await prove(claim, wanted.csrPem);
      const row = await db.transaction().execute(async (tx) => {
        const inTx = createEnrolmentStore(tx);
        const before = await inTx.findByClaim(claim.id);
        if (before?.public_x === key.x) return before;
        if (before) {
          await inTx.changeClaim(claim.id, { tries_left: claim.tries_left - 1 });
          return undefined;
        }
        const known = await createDeviceStore(tx).findByKey(key.x);
        if (known)
          throw claimRefused(
            `the key of this box already belongs to ${known.id}: clear the box's data folder so that it makes a new one`,
          );
        const fresh: EnrolmentRow = {
          id: newId('enr'),
          claim_id: claim.id,
          cluster_id: claim.cluster_id,
          public_x: key.x,
          csr_pem: wanted.csrPem,
          fingerprint_words: key.words.join(' '),
          hardware: JSON.stringify(wanted.hardware),
          agent_version: wanted.agentVersion,
          state: 'pending',
          device_id: null,
          reason: '',
          created_ms: nowMs(),
          decided_ms: null,
        };
        await inTx.changeClaim(claim.id, { used_ms: nowMs() });
        await inTx.add(fresh);
        await recordAudit(tx, clock, {
          actor: 'box',
          action: 'enrolment.requested',
          subject: `enrolment:${fresh.id}`,
          after: { clusterId: fresh.cluster_id, words: fresh.fingerprint_words },
          origin: `claim:${claim.id}`,
        });
        return fresh;
      });
      if (!row) throw claimRefused('this claim code was used by another box: ask for a new one');
      return answer(row);
    },
    async poll(id, claimCode) {
      const row = await store.find(id);
      if (!row)
        throw new AppError<ControllerErrorCode>(`there is no enrolment ${id}`, { code: 'edge/not-found' });
      const claim = await store.findClaim(row.claim_id);
      if (claim?.code_hash !== claimCodeHash(claimCode))
        throw new AppError<ControllerErrorCode>(
          'the header x-loa-claim must hold the claim code this was asked with',
          {
            code: 'edge/unauthorised',
          },
        );
      await findClaim(claimCode); // the link key is not handed out for ever
      return answer(row);
    },
  };
}

const claimRefused = (sentence: string) =>
  new AppError<ControllerErrorCode>(sentence, { code: 'edge/claim-refused' });
