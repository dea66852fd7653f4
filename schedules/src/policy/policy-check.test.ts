import { describe, expect, it } from 'vitest';
import { aPolicy, VIET_NAM } from '../builders.ts';
import { instantOf } from '../calendar/civil-time.ts';
import type { Policy } from '../policy.ts';
import { type AirTime, checkPolicy, checkSelfTest } from './policy-check.ts';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const WEEKDAYS = [1, 2, 3, 4, 5];

/** Monday 2026-01-05 unless the text names another date. */
const at = (text: string) =>
  text.length > 5
    ? instantOf(text.slice(0, 10), text.slice(11), VIET_NAM)
    : instantOf('2026-01-05', text, VIET_NAM);
const sound = (startsAt: string, minutes: number, broadcastClass: AirTime['class'] = 'routine'): AirTime => ({
  class: broadcastClass,
  startsAtMs: at(startsAt),
  plannedMs: minutes * 60_000,
});
const ask = (policy: Partial<Policy>, question: AirTime, usedToday: readonly AirTime[] = []) => {
  const verdict = checkPolicy(aPolicy(policy), { ...question, usedToday });
  return verdict.allowed ? 'allowed' : verdict.reason.code;
};

describe('S-12 hours in which the horn may sound', () => {
  const day = { windows: [{ days: WEEKDAYS, from: '04:30', to: '21:00' }] };
  const night = { windows: [{ days: [1], from: '22:00', to: '02:00' }] };
  const whole = { windows: [{ days: EVERY_DAY, from: '00:00', to: '24:00' }] };
  const joined = {
    windows: [
      { days: [1], from: '20:00', to: '24:00' },
      { days: [2], from: '00:00', to: '01:00' },
    ],
  };
  it.each([
    ['the first minute of a window is in it', day, sound('04:30', 1), 'allowed'],
    ['the minute before is not', day, sound('04:29', 1), 'quiet-hours'],
    ['a sound may end exactly with its window', day, sound('20:59', 1), 'allowed'],
    [
      'a sound that is longer than its window has left is refused whole',
      day,
      sound('20:59', 2),
      'quiet-hours',
    ],
    ['a sound of no length at the window’s end is outside', day, sound('21:00', 0), 'quiet-hours'],
    ['a sound of no length inside is inside', day, sound('20:59', 0), 'allowed'],
    ['a Saturday is not a weekday', day, sound('2026-01-10T05:00', 1), 'quiet-hours'],
    ['Monday 05:00 here is Monday, though it is Sunday in UTC', day, sound('05:00', 1), 'allowed'],
    ['a window may cross midnight', night, sound('23:50', 20), 'allowed'],
    ['the night of Monday goes on into Tuesday', night, sound('2026-01-06T01:00', 60), 'allowed'],
    ['and ends there', night, sound('2026-01-06T01:00', 61), 'quiet-hours'],
    ['but did not begin on Sunday', night, sound('01:00', 1), 'quiet-hours'],
    ['two windows that touch at midnight are one', joined, sound('23:30', 60), 'allowed'],
    ['24:00 is midnight at the end of the day', whole, sound('2026-01-04T00:00', 3 * 24 * 60), 'allowed'],
    ['no window means never', { windows: [] }, sound('12:00', 1), 'quiet-hours'],
    [
      'a window as long as nothing is none',
      { windows: [{ days: [1], from: '05:00', to: '05:00' }] },
      sound('05:00', 0),
      'quiet-hours',
    ],
    ['a priority sound keeps the hours too', day, sound('03:15', 1, 'priority'), 'quiet-hours'],
    ['an emergency passes them', { windows: [] }, sound('03:15', 1, 'emergency'), 'allowed'],
  ] as const)('%s', (_, policy, question, answer) => {
    expect(ask(policy, question)).toBe(answer);
  });

  it('the refusal says which local times it is about', () => {
    expect(checkPolicy(aPolicy(), sound('03:15', 30))).toEqual({
      allowed: false,
      reason: { code: 'quiet-hours', from: '03:15', to: '03:45' },
    });
  });

  it('a window that a clock change skips opens when the clocks have gone on', () => {
    const policy = aPolicy({
      timeZone: 'Europe/Berlin',
      windows: [{ days: [7], from: '02:00', to: '04:00' }],
    });
    const springForward = instantOf('2026-03-29', '03:00', 'Europe/Berlin'); // 02:00 to 03:00 does not exist
    expect(
      checkPolicy(policy, { class: 'routine', startsAtMs: springForward, plannedMs: 3_600_000 }).allowed,
    ).toBe(true);
    expect(
      checkPolicy(policy, { class: 'routine', startsAtMs: springForward - 1, plannedMs: 1 }).allowed,
    ).toBe(false);
  });
});

describe('S-13 mutes', () => {
  const funeral = {
    id: 'mute_1',
    fromMs: at('08:00'),
    untilMs: at('11:00'),
    classes: ['routine'] as const,
    reason: 'đám tang',
  };
  it.each([
    ['a muted class is silent', sound('09:00', 1), 'muted'],
    ['a sound that would run into the mute is silent', sound('07:59', 2), 'muted'],
    ['a sound may end where the mute begins', sound('07:59', 1), 'allowed'],
    ['the mute is over at its end', sound('11:00', 1), 'allowed'],
    ['another class is not muted', sound('09:00', 1, 'priority'), 'allowed'],
  ] as const)('%s', (_, question, answer) => {
    expect(ask({ mutes: [funeral] }, question)).toBe(answer);
  });

  it('an emergency is muted only where the mute names it', () => {
    expect(ask({ mutes: [funeral] }, sound('09:00', 1, 'emergency'))).toBe('allowed');
    expect(ask({ mutes: [{ ...funeral, classes: ['emergency'] }] }, sound('09:00', 1, 'emergency'))).toBe(
      'muted',
    );
  });

  it('the refusal says until when and why', () => {
    expect(checkPolicy(aPolicy({ mutes: [funeral] }), sound('09:00', 1))).toEqual({
      allowed: false,
      reason: { code: 'muted', until: '2026-01-05 11:00', why: 'đám tang' },
    });
  });
});

describe('S-14 sessions and minutes', () => {
  const morning = [sound('05:00', 30), sound('05:30', 10)];
  it.each([
    [
      'sounds that follow one another are one session',
      { maxSessionsPerDay: 1 },
      sound('05:45', 5),
      'allowed',
    ],
    ['a pause above five minutes begins another', { maxSessionsPerDay: 1 }, sound('05:46', 5), 'limit'],
    [
      'a session lasts as long as its sounds together',
      { maxMinutesPerSession: 45 },
      sound('05:40', 5),
      'allowed',
    ],
    ['and not a minute longer, relays included', { maxMinutesPerSession: 45 }, sound('05:40', 6), 'limit'],
    ['a new session has its own minutes', { maxMinutesPerSession: 45 }, sound('17:00', 45), 'allowed'],
    ['a day has its minutes', { maxMinutesPerDay: 60 }, sound('17:00', 20), 'allowed'],
    ['and no more', { maxMinutesPerDay: 60 }, sound('17:00', 21), 'limit'],
    ['tomorrow is another day', { maxMinutesPerDay: 60 }, sound('2026-01-06T17:00', 60), 'allowed'],
    ['none a day means none', { maxSessionsPerDay: 0 }, sound('2026-01-06T17:00', 1), 'limit'],
    [
      'an emergency passes limits',
      { maxMinutesPerDay: 0, maxSessionsPerDay: 0 },
      sound('17:00', 20, 'emergency'),
      'allowed',
    ],
  ] as const)('%s', (_, policy, question, answer) => {
    expect(ask(policy, question, morning)).toBe(answer);
  });

  it('an emergency before it uses nothing up', () => {
    expect(ask({ maxMinutesPerDay: 1 }, sound('17:00', 1), [sound('05:00', 30, 'emergency')])).toBe(
      'allowed',
    );
  });

  it('what sounds later that day is counted apart from the session in question', () => {
    const later = [sound('17:00', 30)];
    expect(ask({ maxMinutesPerSession: 30 }, sound('05:00', 30), later)).toBe('allowed');
  });

  it('the refusal names the limit', () => {
    const verdict = checkPolicy(aPolicy({ maxMinutesPerDay: 60 }), {
      ...sound('17:00', 21),
      usedToday: morning,
    });
    expect(verdict).toEqual({ allowed: false, reason: { code: 'limit', limit: 'minutes-per-day', max: 60 } });
  });
});

describe('S-15 how loud', () => {
  const early = {
    days: EVERY_DAY,
    from: '04:30',
    to: '06:00',
    classes: ['routine'] as const,
    maxGainDb: -12,
  };
  const late = {
    ...early,
    from: '19:00',
    to: '21:00',
    classes: ['routine', 'emergency'] as const,
    maxGainDb: -6,
  };
  const policy = aPolicy({ volume: [early, late] });
  it.each([
    ['nothing lowers a sound at noon', sound('12:00', 1), 0],
    ['an early sound is quieter', sound('05:00', 1), -12],
    ['a sound that runs into a quieter hour is quieter from its start', sound('18:59', 2), -6],
    ['the cap ends with its hour', sound('06:00', 1), 0],
    ['a class that the rule does not name keeps its level', sound('05:00', 1, 'priority'), 0],
    ['an emergency is lowered only where the rule names it', sound('19:30', 1, 'emergency'), -6],
  ] as const)('%s', (_, question, maxGainDb) => {
    expect(checkPolicy(policy, question)).toEqual({ allowed: true, maxGainDb });
  });

  it('of several caps the lowest holds', () => {
    const both = aPolicy({ volume: [early, { ...early, maxGainDb: -20 }] });
    expect(checkPolicy(both, sound('05:00', 1))).toEqual({ allowed: true, maxGainDb: -20 });
  });
});

describe('S-16 self-tests (P7)', () => {
  const test = { startsAtMs: at('03:00'), plannedMs: 500 };
  it('a test at -40 dB may be made at any hour', () => {
    expect(checkSelfTest(aPolicy(), { ...test, gainDb: -40 })).toEqual({ allowed: true, maxGainDb: -40 });
  });

  it('a louder one obeys quiet hours', () => {
    expect(checkSelfTest(aPolicy(), { ...test, gainDb: -39.9 }).allowed).toBe(false);
    expect(checkSelfTest(aPolicy(), { ...test, startsAtMs: at('12:00'), gainDb: -10 }).allowed).toBe(true);
  });

  it('a test uses no session up', () => {
    const policy = aPolicy({ maxSessionsPerDay: 0, maxMinutesPerDay: 0, maxMinutesPerSession: 0 });
    expect(checkSelfTest(policy, { ...test, startsAtMs: at('12:00'), gainDb: -10 }).allowed).toBe(true);
  });
});
