import type { HoldBody } from '@loa/contract';
import type { BroadcastClass } from '@loa/schedules';
import type { TimeReading } from '../clock/timekeeper.ts';

type Hold = HoldBody['holds'][number];

/**
 * Returns the holds that are in force. While the box does not know the time, a hold neither waits for its beginning nor
 * ends by itself: only its release ends it (P9).
 */
export function holdsInForce(hold: HoldBody | undefined, { nowMs, state }: TimeReading): readonly Hold[] {
  const holds = hold?.holds ?? [];
  if (state === 'untrusted') return holds;
  return holds.filter(({ fromMs, untilMs }) => fromMs <= nowMs && (untilMs === null || nowMs < untilMs));
}

/** Tells whether holds silence a class. */
export function silences(holds: readonly Hold[], broadcastClass: BroadcastClass): boolean {
  return holds.some(({ includesEmergency }) => includesEmergency || broadcastClass !== 'emergency');
}

/** Returns the next instant after `nowMs` at which a hold begins or ends by itself, or infinity. */
export function nextHoldChangeMs(hold: HoldBody | undefined, nowMs: number): number {
  const instants = (hold?.holds ?? []).flatMap(({ fromMs, untilMs }) => [
    fromMs,
    untilMs ?? Number.POSITIVE_INFINITY,
  ]);
  return Math.min(Number.POSITIVE_INFINITY, ...instants.filter((instant) => instant > nowMs));
}
