import type { BroadcastClass } from '../broadcast-class.ts';
import { addDays, type LocalMoment, localMomentOf } from '../calendar/civil-time.ts';
import type { Policy, PolicyWindow } from './policy.ts';
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

/** Returns `checkPolicy` for one policy, remembering the days it has looked at: for many questions in a row. */
export function policyChecker(policy: Policy): CheckPolicy {
  const { timeZone } = policy;
  const moments = new Map<number, LocalMoment>();
  const spansByDate = new Map<PolicyWindow, Map<string, Span | undefined>>();

  const momentOf = (epochMs: number): LocalMoment => {
    const known = moments.get(epochMs) ?? localMomentOf(epochMs, timeZone);
    moments.set(epochMs, known);
    return known;
  };

  /** The spans of some windows that could touch a sound: from the evening before its first day to its last. */
  const spansAround = (windows: readonly PolicyWindow[], sound: Span): readonly Span[] => {
    const spans: Span[] = [];
    const lastDate = momentOf(sound.untilMs).date;
    for (const window of windows) {
      const byDate = spansByDate.get(window) ?? new Map<string, Span | undefined>();
      spansByDate.set(window, byDate);
      for (let date = addDays(momentOf(sound.fromMs).date, -1); date <= lastDate; date = addDays(date, 1)) {
        if (!byDate.has(date)) byDate.set(date, spanOn(window, date, timeZone));
        const span = byDate.get(date);
        if (span) spans.push(span);
      }
    }
    return spans;
  };

  const refusalByHours = (sound: Span): PolicyRefusal | undefined => {
    if (covers(spansAround(policy.windows, sound), sound)) return undefined;
    return { code: 'quiet-hours', from: momentOf(sound.fromMs).clock, to: momentOf(sound.untilMs).clock };
  };

  const refusalByMute = (asked: AirTime, sound: Span): PolicyRefusal | undefined => {
    const mute = policy.mutes.find((mute) => mute.classes.includes(asked.class) && overlaps(mute, sound));
    if (!mute) return undefined;
    const until = momentOf(mute.untilMs);
    return { code: 'muted', until: `${until.date} ${until.clock}`, why: mute.reason };
  };

  const refusalByLimit = (asked: PolicyQuestion): PolicyRefusal | undefined => {
    const { maxSessionsPerDay, maxMinutesPerSession, maxMinutesPerDay } = policy;
    if (maxSessionsPerDay === null && maxMinutesPerSession === null && maxMinutesPerDay === null)
      return undefined;
    const today = momentOf(asked.startsAtMs).date;
    const before = (asked.usedToday ?? []).filter(
      (used) => used.class !== 'emergency' && momentOf(used.startsAtMs).date === today,
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

  return (asked) => {
    const sound = { fromMs: asked.startsAtMs, untilMs: asked.startsAtMs + asked.plannedMs };
    const reason =
      refusalByMute(asked, sound) ??
      (asked.class === 'emergency' ? undefined : (refusalByHours(sound) ?? refusalByLimit(asked)));
    if (reason) return { allowed: false, reason };
    const caps = policy.volume.filter(
      (rule) =>
        rule.classes.includes(asked.class) &&
        spansAround([rule], sound).some((span) => overlaps(span, sound)),
    );
    return { allowed: true, maxGainDb: Math.min(0, ...caps.map((rule) => rule.maxGainDb)) };
  };
}
