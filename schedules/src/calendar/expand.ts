import type { SkipReason } from '../reason/reason.ts';
import type { DateSpan, Series, SeriesException } from '../series/series.ts';
import { addDays, instantOf } from './civil-time.ts';
import { holidayAnswers, REACH_DAYS } from './holiday-choice.ts';
import { ruleTimes } from './rule-dates.ts';
import type { CalendarData, Slot } from './slot.ts';

/** Returns the slots of a series whose own date, or the date on which they sound, lies in a span; earliest slot first. */
export function expand(series: Series, span: DateSpan, data: CalendarData): readonly Slot[] {
  const exceptions = new Map((series.exceptions ?? []).map((exception) => [exception.at, exception]));
  const reach = series.onHolidays?.action.kind === 'move' ? REACH_DAYS : 0;
  const wide = { firstDate: addDays(span.firstDate, -reach), lastDate: addDays(span.lastDate, reach) };
  const answer = holidayAnswers(series, wide, data);

  /** Where a time of the rule really sounds, and what sounds there. */
  const settle = (
    at: string,
  ): { readonly series: Series; readonly startsAt: string; readonly refusal: SkipReason | null } => {
    const exception = exceptions.get(at);
    switch (exception?.kind) {
      case 'cancel':
        return { series, startsAt: at, refusal: { code: 'excluded' } };
      case 'move':
        return { series, startsAt: exception.to, refusal: null };
      case 'add':
        return { series, startsAt: at, refusal: null };
      case undefined: {
        const { date, ...answered } = answer(dateIn(at));
        return { ...answered, startsAt: `${date}T${timeIn(at)}` };
      }
    }
  };

  const slots: Slot[] = [];
  for (const at of timesToSettle(series, wide, [...exceptions.values()])) {
    const { startsAt, series: sounding, refusal } = settle(at);
    const date = dateIn(at);
    if (!isIn(span, date) && !isIn(span, dateIn(startsAt))) continue;
    slots.push({
      rootId: series.rootId,
      series: sounding,
      date,
      slotMs: instantAt(at, series.timeZone),
      startsAtMs: instantAt(startsAt, series.timeZone),
      refusal: refusal ?? consent(sounding) ?? approval(sounding, dateIn(startsAt)),
    });
  }
  return slots;
}

/** The rule's own times of a span, those that a person moved into it, and those added. */
function timesToSettle(
  series: Series,
  span: DateSpan,
  exceptions: readonly SeriesException[],
): readonly string[] {
  const times = new Set(ruleTimes(series, span));
  for (const exception of exceptions) {
    if (exception.kind === 'add' && isIn(span, dateIn(exception.at))) times.add(exception.at);
    if (exception.kind === 'move' && isIn(span, dateIn(exception.to)) && isOfRule(series, exception.at))
      times.add(exception.at);
  }
  return [...times].sort();
}

function isOfRule(series: Series, at: string): boolean {
  return ruleTimes(series, { firstDate: dateIn(at), lastDate: dateIn(at) }).includes(at);
}

/** A routine piece from above waits until the commune takes it (Circular 39/2020); what is urgent does not. */
function consent({ sentFromAbove, rules }: Series): SkipReason | null {
  if (!sentFromAbove || sentFromAbove.choice === 'accepted') return null;
  if (sentFromAbove.choice === 'declined') return { code: 'declined', from: sentFromAbove.from };
  return rules.class === 'routine' ? { code: 'waits-for-commune', from: sentFromAbove.from } : null;
}

/** Nothing unapproved airs (P2). */
function approval({ approved }: Series, date: string): SkipReason | null {
  return approved !== null && isIn(approved, date) ? null : { code: 'not-approved', date };
}

function isIn(span: DateSpan, date: string): boolean {
  return span.firstDate <= date && date <= span.lastDate;
}

const dateIn = (localTime: string): string => localTime.slice(0, 10);
const timeIn = (localTime: string): string => localTime.slice(11);
const instantAt = (localTime: string, timeZone: string): number =>
  instantOf(dateIn(localTime), timeIn(localTime), timeZone);
