import type { AirTime, CheckPolicy } from '../policy/policy-check.ts';
import type { Skip } from './skip.ts';
import { byStart, type Sound } from './sound.ts';

const LONGEST_DAY_MS = 26 * 3_600_000; // a local day with a clock change in it, and to spare
const ALREADY = { allowed: true } as const;

/**
 * Lets through what the cluster's policy allows, in the order of time, as the box will meet it (P7).
 * What has begun is not judged again, but counts. Without a policy nothing is let through.
 */
export function admit(
  sounds: readonly Sound[],
  check: CheckPolicy | undefined,
  nowMs: number,
): { readonly sounds: readonly Sound[]; readonly skips: readonly Skip[] } {
  const admitted: Sound[] = [];
  const skips: Skip[] = [];
  let usedToday: AirTime[] = [];
  for (const sound of sounds.toSorted(byStart)) {
    const { id: _, originalStartMs: __, ...occurrence } = sound.occurrence;
    const { startsAtMs, plannedMs } = occurrence;
    const asked = { class: sound.rules.class, startsAtMs, plannedMs };
    usedToday = usedToday.filter((used) => startsAtMs - used.startsAtMs < LONGEST_DAY_MS);
    const verdict = startsAtMs <= nowMs ? ALREADY : check?.({ ...asked, usedToday });
    if (verdict?.allowed) {
      admitted.push(sound);
      usedToday.push(asked);
    } else skips.push({ ...occurrence, reason: verdict?.reason ?? { code: 'no-policy' } });
  }
  return { sounds: admitted, skips };
}
