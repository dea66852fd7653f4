import type { BroadcastClass } from '../broadcast-class.ts';
import { addDays, datesBetween, instantOf, localMomentOf } from '../calendar/civil-time.ts';
import type { Policy, PolicyWindow } from '../policy.ts';
import { remembered } from '../remembered.ts';
import { covers, overlaps, type Span, spanOn } from './policy-spans.ts';
import { sessionMinutes, sessionsWith } from './session-count.ts';

/** A sound on one cluster's horn: planned, or as it really was. */
export interface AirTime {
  readonly class: BroadcastClass;
  readonly startsAtMs: number;
  readonly plannedMs: number;
}

/** May this sound on this cluster? */
export interface PolicyQuestion extends AirTime {
  /** What the cluster sounded or will have sounded before it; other days and emergencies in the list do not count. */
  readonly usedToday?: readonly AirTime[];
}

/** Why a policy forbids a sound. The codes are outcome reasons, so a box may journal them as they are. */
export type PolicyRefusal =
  /** `from`, `to`: local `HH:MM` of the sound. */
  | { readonly code: 'quiet-hours'; readonly from: string; readonly to: string }
  /** `until`: local `YYYY-MM-DD HH:MM`. */
  | { readonly code: 'muted'; readonly until: string; readonly why: string }
  | {
      readonly code: 'limit';
      readonly limit: 'sessions-per-day' | 'minutes-per-session' | 'minutes-per-day';
      readonly max: number;
    };

export type CheckPolicy = (question: PolicyQuestion) => PolicyVerdict;

export type PolicyVerdict =
  /** No louder than `maxGainDb` (0 or less), whatever was asked for. */
  | { readonly allowed: true; readonly maxGainDb: number }
  | { readonly allowed: false; readonly reason: PolicyRefusal };

/** A self-test no louder than this may be made at any hour (P7). */
export const QUIET_TEST_DB = -40;

/** Tells whether a policy lets a sound out, and how loud. The controller's plan and the box itself both ask it (P7). */
export function checkPolicy(policy: Policy, question: PolicyQuestion): PolicyVerdict {
  return policyChecker(policy)(question);
}

/** Tells whether a self-test may be made now: as loud as `gainDb`, it obeys hours and mutes like a routine sound unless it is quiet; limits do not count it. */
export function checkSelfTest(
  policy: Policy,
  test: { readonly startsAtMs: number; readonly plannedMs: number; readonly gainDb: number },
): PolicyVerdict {
  if (test.gainDb <= QUIET_TEST_DB) return { allowed: true, maxGainDb: QUIET_TEST_DB };
  const unlimited = { maxSessionsPerDay: null, maxMinutesPerSession: null, maxMinutesPerDay: null };
  return checkPolicy({ ...policy, ...unlimited }, { ...test, class: 'routine' });
}

/** Returns `checkPolicy` for one policy, remembering what it has been asked: for many questions in a row. */
export function policyChecker(policy: Policy): CheckPolicy {
  const { timeZone } = policy;
  const momentOf = remembered((epochMs: number) => localMomentOf(epochMs, timeZone));
  const dayOf = remembered((epochMs: number): Span => {
    const { date } = momentOf(epochMs);
    return {
      fromMs: instantOf(date, '00:00', timeZone),
      untilMs: instantOf(addDays(date, 1), '00:00', timeZone),
    };
  });
  const spanOf = remembered((window: PolicyWindow) =>
    remembered((date: string) => spanOn(window, date, timeZone)),
  );

  /** The spans of some windows that could touch a sound: from the evening before its first day to its last. */
  const spansAround = (windows: readonly PolicyWindow[], sound: Span): readonly Span[] => {
    const dates = datesBetween(addDays(momentOf(sound.fromMs).date, -1), momentOf(sound.untilMs).date);
    return windows.flatMap((window) => dates.flatMap((date) => spanOf(window)(date) ?? []));
  };

  const refusalByMute = (asked: AirTime, sound: Span): PolicyRefusal | undefined => {
    const mute = policy.mutes.find((mute) => mute.classes.includes(asked.class) && overlaps(mute, sound));
    if (!mute) return undefined;
    const until = momentOf(mute.untilMs);
    return { code: 'muted', until: `${until.date} ${until.clock}`, why: mute.reason };
  };

  const refusalByHours = (asked: AirTime, sound: Span): PolicyRefusal | undefined => {
    if (asked.class === 'emergency' || covers(spansAround(policy.windows, sound), sound)) return undefined;
    return { code: 'quiet-hours', from: momentOf(sound.fromMs).clock, to: momentOf(sound.untilMs).clock };
  };

  const refusalByLimit = (asked: PolicyQuestion): PolicyRefusal | undefined => {
    const { maxSessionsPerDay, maxMinutesPerSession, maxMinutesPerDay } = policy;
    if (asked.class === 'emergency') return undefined;
    if (maxSessionsPerDay === null && maxMinutesPerSession === null && maxMinutesPerDay === null)
      return undefined;
    const today = dayOf(asked.startsAtMs);
    const before = (asked.usedToday ?? []).filter(
      (used) =>
        used.class !== 'emergency' && overlaps(today, { fromMs: used.startsAtMs, untilMs: used.startsAtMs }),
    );
    const sessions = sessionsWith(before, asked);
    if (maxSessionsPerDay !== null && sessions.count > maxSessionsPerDay)
      return { code: 'limit', limit: 'sessions-per-day', max: maxSessionsPerDay };
    if (maxMinutesPerSession !== null && sessionMinutes(sessions.own) > maxMinutesPerSession)
      return { code: 'limit', limit: 'minutes-per-session', max: maxMinutesPerSession };
    if (maxMinutesPerDay !== null && sessionMinutes([...before, asked]) > maxMinutesPerDay)
      return { code: 'limit', limit: 'minutes-per-day', max: maxMinutesPerDay };
    return undefined;
  };

  const capOn = (asked: AirTime, sound: Span): number => {
    const caps = policy.volume.filter(
      (rule) =>
        rule.classes.includes(asked.class) &&
        spansAround([rule], sound).some((span) => overlaps(span, sound)),
    );
    return Math.min(0, ...caps.map((rule) => rule.maxGainDb));
  };

  /** What does not depend on the day's use: the same for every cluster under the policy. */
  const timely = remembered(
    (asked: AirTime): PolicyVerdict => {
      const sound = { fromMs: asked.startsAtMs, untilMs: asked.startsAtMs + asked.plannedMs };
      const reason = refusalByMute(asked, sound) ?? refusalByHours(asked, sound);
      return reason ? { allowed: false, reason } : { allowed: true, maxGainDb: capOn(asked, sound) };
    },
    ({ class: broadcastClass, startsAtMs, plannedMs }) => `${broadcastClass} ${startsAtMs} ${plannedMs}`,
  );

  return (asked) => {
    const verdict = timely(asked);
    const reason = verdict.allowed ? refusalByLimit(asked) : undefined;
    return reason ? { allowed: false, reason } : verdict;
  };
}
