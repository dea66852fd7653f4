import type { AirTime, CheckPolicy } from '../policy/policy-check.ts';
import type { SkipReason } from '../reason/reason.ts';
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
  const usedToday: AirTime[] = [];
  for (const sound of sounds.toSorted(byStart)) {
    const { startsAtMs, plannedMs } = sound.occurrence;
    const asked = { class: sound.rules.class, startsAtMs, plannedMs };
    while (usedToday[0] && startsAtMs - usedToday[0].startsAtMs >= LONGEST_DAY_MS) usedToday.shift();
    const verdict = startsAtMs <= nowMs ? ALREADY : check?.({ ...asked, usedToday });
    if (verdict?.allowed) {
      admitted.push(sound);
      usedToday.push(asked);
    } else skips.push(leftOut(sound, verdict?.reason ?? { code: 'no-policy' }));
  }
  return { sounds: admitted, skips };
}

function leftOut({ occurrence }: Sound, reason: SkipReason): Skip {
  const { clusterId, seriesId, rootSeriesId, startsAtMs, plannedMs } = occurrence;
  return { clusterId, seriesId, rootSeriesId, startsAtMs, plannedMs, reason };
}
