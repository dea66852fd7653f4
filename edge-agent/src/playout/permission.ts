import type { ConfigBody, KeysBody, PolicyBody } from '@loa/contract';
import { type AirTime, checkPolicy, type Reason } from '@loa/schedules';
import type { Cue } from './cue.ts';

/** May this sound now, and how loud? */
export type Permission =
  | { readonly allowed: true; readonly gainDb: number }
  | { readonly allowed: false; readonly reason: Reason; readonly detail: string };

const QUIETEST_DB = -80;

/**
 * Asks the commune's own rules once more on the box (P7): hours, mutes and limits by class, then the caps on volume, the
 * root's hard cap last. Without any policy only an emergency sounds.
 */
export function permissionFor(
  cue: Cue,
  {
    startsAtMs,
    policy,
    config,
    keys,
    usedToday,
  }: {
    readonly startsAtMs: number;
    readonly policy: PolicyBody | undefined;
    readonly config: ConfigBody | undefined;
    readonly keys: KeysBody | undefined;
    readonly usedToday: readonly AirTime[];
  },
): Permission {
  const broadcastClass = cue.rules.class;
  if (!policy && broadcastClass !== 'emergency')
    return { allowed: false, reason: 'quiet-hours', detail: 'the box holds no policy yet' };
  const verdict = policy
    ? checkPolicy(policy, {
        class: broadcastClass,
        startsAtMs: Math.round(startsAtMs), // the disciplined clock has fractions, the calendar whole milliseconds
        plannedMs: cue.plannedMs,
        usedToday,
      })
    : ({ allowed: true, maxGainDb: 0 } as const);
  if (!verdict.allowed)
    return { allowed: false, reason: verdict.reason.code, detail: JSON.stringify(verdict.reason) };
  const wantedDb = cue.gainDb + (config?.gainDb ?? 0);
  const cappedDb = Math.min(wantedDb, verdict.maxGainDb, keys?.hardVolumeCapDb ?? 0);
  return { allowed: true, gainDb: Math.max(QUIETEST_DB, cappedDb) };
}
