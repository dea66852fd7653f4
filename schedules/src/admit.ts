import { comparePrecedence } from './broadcast-class.ts';
import type { Sound } from './place.ts';
import type { AirTime, CheckPolicy } from './policy-check.ts';
import { type Skip, skipOf } from './skip.ts';

const LONGEST_DAY_MS = 26 * 3_600_000; // a local day with a clock change in it, and to spare

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
    const { occurrence, series } = sound;
    const { startsAtMs, plannedMs, clusterId } = occurrence;
    const asked = { class: series.rules.class, startsAtMs, plannedMs };
    usedToday = usedToday.filter((used) => startsAtMs - used.startsAtMs < LONGEST_DAY_MS);
    const verdict = startsAtMs <= nowMs ? ALREADY : check?.({ ...asked, usedToday });
    if (verdict?.allowed) {
      admitted.push(sound);
      usedToday.push(asked);
    } else skips.push(skipOf(clusterId, series, startsAtMs, verdict?.reason ?? { code: 'no-policy' }));
  }
  return { sounds: admitted, skips };
}

const ALREADY = { allowed: true } as const;

/** Earliest first; of equal starts, what goes before; of equals, by id, so that every run agrees. */
function byStart(a: Sound, b: Sound): number {
  return (
    a.occurrence.startsAtMs - b.occurrence.startsAtMs ||
    comparePrecedence(b.series.rules, a.series.rules) ||
    (a.occurrence.id < b.occurrence.id ? -1 : 1)
  );
}
