import type { ConfigBody, PlanContent } from '@loa/contract';
import { soundsOf } from '../playout/cue.ts';
import type { WantedSound } from './prefetch.ts';

/** What ended longer ago than this is not fetched any more. */
const STILL_USEFUL_MS = 30 * 60_000;
/** Pinned warnings come before what is needed later than this. */
const PINS_WITHIN_MS = 6 * 3_600_000;

/** Returns the sounds that the rest of a plan needs, each with the first time it is needed. */
export function soundsOfPlan(plan: PlanContent, nowMs: number): readonly WantedSound[] {
  const soonest = new Map<number, number>();
  for (const { item, startsAtMs, plannedMs } of plan.occurrences)
    if (startsAtMs + plannedMs > nowMs - STILL_USEFUL_MS)
      soonest.set(item, Math.min(startsAtMs, soonest.get(item) ?? Number.POSITIVE_INFINITY));
  return [...soonest].flatMap(([index, neededAtMs]) => {
    const item = plan.items[index];
    const sounds = item ? soundsOf({ parts: item.parts, sounds: plan.sounds }) : [];
    return sounds.map((sound) => ({ ...sound, neededAtMs }));
  });
}

/** Returns the sounds of warnings that every box keeps. */
export function soundsOfPins({ pinned }: ConfigBody, nowMs: number): readonly WantedSound[] {
  return pinned.flatMap(({ sounds }) =>
    sounds.map((sound) => ({ ...sound, neededAtMs: nowMs + PINS_WITHIN_MS })),
  );
}

/** Returns how many of the sounds needed by `untilMs` are held, 0 to 100 %. */
export function readinessPercent(
  sounds: readonly WantedSound[],
  untilMs: number,
  isHeld: (sound: WantedSound) => boolean,
): number {
  const needed = sounds.filter(({ neededAtMs }) => neededAtMs <= untilMs);
  return needed.length === 0 ? 100 : Math.floor((100 * needed.filter(isHeld).length) / needed.length);
}
