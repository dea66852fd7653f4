import type { Clock, RandomId } from '@loa/kernel';
import { requireWithin } from '../areas/area-access.service.ts';
import { recordAudit } from '../audit/audit.service.ts';
import { createClusterStore } from '../clusters/cluster.store.ts';
import { unknownCluster } from '../clusters/clusters.service.ts';
import type { Db } from '../db/database.ts';
import type { Actor } from '../http/access.ts';
import { claimCodeHash, newClaimCode } from './claim-code.ts';
import { createEnrolmentStore } from './enrolment.store.ts';

/** A one-time code for one box of one cluster, shown once. */
export interface Claim {
  readonly id: string;
  readonly code: string;
  readonly expiresAtMs: number;
}

/** One-time codes by which a box asks to serve a cluster. */
export interface Claims {
  /** @throws {AppError} cluster/unknown, people/forbidden. */
  create(actor: Actor, clusterId: string, origin: string): Promise<Claim>;
}

const LIFETIME_MS = 24 * 60 * 60_000;
const TRIES = 5;

/** Creates claim codes on the main database; only their hashes are stored. */
export function createClaims({
  db,
  clock,
  newId,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly newId: RandomId;
}): Claims {
  return {
    async create(actor, clusterId, origin) {
      const cluster = await createClusterStore(db).find(clusterId);
      if (!cluster || cluster.retired_ms !== null) throw unknownCluster(clusterId);
      await requireWithin(db, actor, 'site:write', cluster.area_id);
      const code = newClaimCode();
      const nowMs = clock.now().epochMilliseconds;
      const claim = { id: newId('clm'), code, expiresAtMs: nowMs + LIFETIME_MS };
      await db.transaction().execute(async (tx) => {
        await createEnrolmentStore(tx).addClaim({
          id: claim.id,
          code_hash: claimCodeHash(code),
          cluster_id: clusterId,
          expires_ms: claim.expiresAtMs,
          tries_left: TRIES,
          used_ms: null,
          created_by: actor.userId,
          created_ms: nowMs,
        });
        await recordAudit(tx, clock, {
          actor: actor.userId,
          action: 'claim.created',
          subject: `cluster:${clusterId}`,
          after: { claimId: claim.id, expiresAtMs: claim.expiresAtMs },
          origin,
        });
      });
      return claim;
    },
  };
}
