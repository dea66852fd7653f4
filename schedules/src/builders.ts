import { ROUTINE_RULES } from './play-rules.ts';
import type { Policy } from './policy.ts';
import type { Series } from './series/series.ts';

/** The zone of the builders' examples. */
export const VIET_NAM = 'Asia/Ho_Chi_Minh';

/** An approved routine bulletin of one minute, daily at 05:00 in Thôn 1 from Monday 2026-01-05. */
export function aSeries(overrides: Partial<Series> = {}): Series {
  const id = overrides.id ?? 'ser_1';
  return {
    id,
    rootId: id,
    title: 'Bản tin buổi sáng',
    clusterIds: ['thon-1'],
    rule: { kind: 'daily' },
    timeZone: VIET_NAM,
    firstDate: '2026-01-05',
    lastDate: null,
    localTime: '05:00:00',
    plannedMs: 60_000,
    rules: ROUTINE_RULES,
    approved: { firstDate: '2026-01-01', lastDate: '2026-12-31' },
    ...overrides,
  };
}

/** A policy that lets everything sound from 04:30 to 21:00. */
export function aPolicy(overrides: Partial<Policy> = {}): Policy {
  return {
    timeZone: VIET_NAM,
    windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '04:30', to: '21:00' }],
    maxSessionsPerDay: null,
    maxMinutesPerSession: null,
    maxMinutesPerDay: null,
    volume: [],
    mutes: [],
    languages: ['vi'],
    ...overrides,
  };
}
