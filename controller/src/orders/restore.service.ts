import { compareRevisions, LIMITS, openJws, signedMessage } from '@loa/contract';
import type { Clock, Logger } from '@loa/kernel';
import { requireOnSite } from '../areas/area-access.service.ts';
import { recordAudit } from '../audit/audit.service.ts';
import type { Db } from '../db/database.ts';
import type { Actor } from '../http/access.ts';
import type { LiveEvents } from '../live-events/live-events.service.ts';
import type { Box } from './box.store.ts';
import { type Restored, restoredSetting } from './restored.ts';
import { sha256Of } from './signed-state.ts';
import type { SiteKeys } from './site-keys.service.ts';
import { createStateStore } from './state.store.ts';

/** Notices that this controller was restored from a backup, by its own signature on what it does not remember. */
export interface Restore {
  /** Looks at an original that a box sent because it was asked for. */
  original(box: Box, jws: string): Promise<void>;
  status(): Promise<Restored | undefined>;
  /**
   * A person has looked at what the boxes hold: states go out again, under the new epoch. Returns whether there was something to review.
   * @throws {AppError} people/forbidden.
   */
  reviewed(actor: Actor, origin: string): Promise<boolean>;
}

/** Creates the watch for restores. */
export function createRestore({
  db,
  keys,
  clock,
  log,
  liveEvents,
}: {
  readonly db: Db;
  readonly keys: SiteKeys;
  readonly clock: Clock;
  readonly log: Logger;
  readonly liveEvents: LiveEvents;
}): Restore {
  /** Proves the original to be ours, and for this box. */
  const openOwn = async (box: Box, jws: string) => {
    const own = keys.orderSigner.publicKey;
    const opened = await openJws(jws, (kid) => (kid === own.kid ? own : undefined), LIMITS.fetchedOrder);
    const parsed = signedMessage.safeParse(opened.ok ? opened.payload : undefined);
    if (!parsed.success || !('rev' in parsed.data) || parsed.data.device !== box.id) return undefined;
    return parsed.data;
  };
  const alarm = (box: Box, code: string) =>
    liveEvents.publish({ kind: 'alarm', clusterId: box.clusterId, code });

  return {
    async original(box, jws) {
      const message = await openOwn(box, jws);
      if (!message) {
        log.error({ deviceId: box.id }, 'a box holds a state that this site did not sign');
        return alarm(box, 'device/foreign-state');
      }
      const { kind, epoch, rev, issuedAtMs } = message;
      const sha256 = sha256Of(jws);
      const isNews = await db.transaction().execute(async (tx) => {
        const store = createStateStore(tx);
        if (await store.original(sha256)) return false;
        const row = await store.find(box.id, kind);
        if (row && compareRevisions(message, row) < 0) return false; // an old one, dropped here by its age
        await store.keepOriginal({ sha256, device_id: box.id, kind, epoch, rev, jws, issued_ms: issuedAtMs });
        const before = await restoredSetting.read(tx);
        if (epoch >= keys.epoch) await keys.raiseEpoch(tx, epoch);
        const after: Restored = {
          sinceMs: before?.sinceMs ?? clock.now().epochMilliseconds,
          epoch: keys.epoch,
          seen: [...(before?.seen ?? []), { deviceId: box.id, kind, epoch, rev, sha256 }],
        };
        await restoredSetting.write(tx, after);
        await recordAudit(tx, clock, {
          actor: 'controller',
          action: 'controller.restored',
          subject: `device:${box.id}`,
          after: { kind, epoch, rev, sha256, newEpoch: keys.epoch },
          origin: box.id,
        });
        return true;
      });
      if (!isNews) return;
      log.error(
        { deviceId: box.id, kind, epoch, rev },
        'this controller was restored: boxes keep what they hold until someone reviews it',
      );
      await alarm(box, 'controller/restored');
    },
    status: () => restoredSetting.read(db),
    reviewed: (actor, origin) =>
      db.transaction().execute(async (tx) => {
        await requireOnSite(tx, actor, 'site:write');
        const before = await restoredSetting.read(tx);
        if (!before) return false;
        await restoredSetting.clear(tx);
        await recordAudit(tx, clock, {
          actor: actor.userId,
          action: 'restore.reviewed',
          subject: 'controller',
          before,
          origin,
        });
        return true;
      }),
  };
}
