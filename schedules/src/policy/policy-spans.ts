import { addDays, instantOf, weekdayOf } from '../calendar/civil-time.ts';
import type { PolicyWindow } from '../policy.ts';

/** UTC milliseconds: `fromMs` inclusive, `untilMs` exclusive. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

const DAY_MINUTES = 1440;

/** Returns the span of a weekly window that begins on a local date, or `undefined` when it has none that day. A window as long as nothing (`from` = `to`) is none. */
export function spanOn(window: PolicyWindow, date: string, timeZone: string): Span | undefined {
  if (!window.days.includes(weekdayOf(date))) return undefined;
  const from = minutesOf(window.from);
  const to = minutesOf(window.to);
  if (from === to) return undefined;
  return {
    fromMs: instantAt(date, from, timeZone),
    untilMs: instantAt(date, to < from ? to + DAY_MINUTES : to, timeZone),
  };
}

/** Tells whether spans, together and without a gap, hold all of `[fromMs, untilMs)`. A sound of no length needs its instant. */
export function covers(spans: readonly Span[], { fromMs, untilMs }: Span): boolean {
  const goalMs = Math.max(untilMs, fromMs + 1);
  let reachedMs = fromMs;
  for (const span of spans.toSorted((a, b) => a.fromMs - b.fromMs))
    if (span.fromMs <= reachedMs) reachedMs = Math.max(reachedMs, span.untilMs);
  return reachedMs >= goalMs;
}

/** Tells whether two spans share an instant; a span of no length stands for its instant. */
export function overlaps(a: Span, b: Span): boolean {
  return a.fromMs < Math.max(b.untilMs, b.fromMs + 1) && b.fromMs < Math.max(a.untilMs, a.fromMs + 1);
}

function minutesOf(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
}

/** Minutes beyond 24 hours belong to the next date. */
function instantAt(date: string, minutes: number, timeZone: string): number {
  const day = addDays(date, Math.floor(minutes / DAY_MINUTES));
  const rest = minutes % DAY_MINUTES;
  const two = (value: number) => String(value).padStart(2, '0');
  return instantOf(day, `${two(Math.floor(rest / 60))}:${two(rest % 60)}`, timeZone);
}
