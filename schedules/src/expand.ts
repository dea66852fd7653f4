import { addDays, instantOf, localMomentOf, weekdayOf } from './civil-time.ts';
import type { DateSpan, Series } from './series.ts';

/** UTC milliseconds: `fromMs` inclusive, `untilMs` exclusive. */
export interface Horizon {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** One place that a rule gives, before anything is decided about it. The same for all clusters of the series. */
export interface Slot {
  /** The local date that the rule chose. */
  readonly date: string;
  /** Where the rule put it. */
  readonly slotMs: number;
  /** When it should sound. */
  readonly startsAtMs: number;
}

/** Returns the local dates that a horizon touches, in whole. */
export function datesTouched({ fromMs, untilMs }: Horizon, timeZone: string): DateSpan {
  return {
    firstDate: localMomentOf(fromMs, timeZone).date,
    lastDate: localMomentOf(Math.max(fromMs, untilMs - 1), timeZone).date,
  };
}

/** Returns the slots that a series has on the dates of a span, earliest first. */
export function expand(series: Series, span: DateSpan): readonly Slot[] {
  const { timeZone, firstDate, lastDate, localTime } = series;
  const end = lastDate !== null && lastDate < span.lastDate ? lastDate : span.lastDate;
  const slots: Slot[] = [];
  for (let date = laterOf(firstDate, span.firstDate); date <= end; date = addDays(date, 1)) {
    if (!fallsOn(series, date)) continue;
    const slotMs = instantOf(date, localTime, timeZone);
    slots.push({ date, slotMs, startsAtMs: slotMs });
  }
  return slots;
}

/** Tells whether the rule chooses a date of its span. */
function fallsOn({ rule, firstDate }: Series, date: string): boolean {
  switch (rule.kind) {
    case 'once':
      return date === firstDate;
    case 'daily':
      return true;
    case 'weekly':
      return rule.days.includes(weekdayOf(date));
  }
}

function laterOf(a: string, b: string): string {
  if (a > b) return a;
  return b;
}
