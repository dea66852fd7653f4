import { type PolicyBody, policyBody } from '@loa/contract';
import type { Clock } from '@loa/kernel';
import { requireOnSite } from '../areas/area-access.service.ts';
import { recordAudit } from '../audit/audit.service.ts';
import type { Db } from '../db/database.ts';
import type { Actor } from '../http/access.ts';
import { setting } from '../settings/setting.store.ts';

const isZone = (zone: string) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
};

/** The broadcasting rules of the commune ("quy chế"), as boxes read them. The law leaves hours and lengths to it. */
export const policy = policyBody.extend({
  timeZone: policyBody.shape.timeZone.refine(isZone, 'wanted an IANA zone such as Asia/Ho_Chi_Minh'),
});

/** The policy in force, and whether the commune has decided it or Loa only proposes it. */
export interface SitePolicy {
  readonly policy: PolicyBody;
  readonly isDefault: boolean;
}

/** The one policy of the site. */
export interface Policies {
  current(db: Db): Promise<SitePolicy>;
  /** Puts the commune's own rules in force, and calls for new plans. @throws {AppError} people/forbidden. */
  change(actor: Actor, policy: PolicyBody, origin: string): Promise<SitePolicy>;
}

const policySetting = setting('policy', (value) => policy.parse(value));

/** Creates the policy of a site. `onChanged` is called after the commit. */
export function createPolicies({
  db,
  clock,
  timeZone,
  onChanged,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly timeZone: string;
  readonly onChanged: () => void;
}): Policies {
  // A proposal in daylight, the commune's to change: no law sets these hours.
  const proposal: PolicyBody = {
    timeZone,
    windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '05:00', to: '20:00' }],
    maxSessionsPerDay: null,
    maxMinutesPerSession: null,
    maxMinutesPerDay: null,
    volume: [],
    mutes: [],
    languages: ['vi'],
  };
  const current = async (from: Db): Promise<SitePolicy> => {
    const decided = await policySetting.read(from);
    return { policy: decided ?? proposal, isDefault: decided === undefined };
  };
  return {
    current,
    async change(actor, next, origin) {
      await requireOnSite(db, actor, 'site:write');
      await db.transaction().execute(async (tx) => {
        const before = (await current(tx)).policy;
        await policySetting.write(tx, next);
        await recordAudit(tx, clock, {
          actor: actor.userId,
          action: 'policy.changed',
          subject: 'policy',
          before,
          after: next,
          origin,
        });
      });
      onChanged();
      return { policy: next, isDefault: false };
    },
  };
}
