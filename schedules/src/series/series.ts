import type { PlayRules } from '../play-rules.ts';

/** Which local dates a series falls on. */
export type SeriesRule =
  /** On `firstDate` alone. */
  | { readonly kind: 'once' }
  | { readonly kind: 'daily' }
  /** `days` are ISO weekdays, 1 = Monday. */
  | { readonly kind: 'weekly'; readonly days: readonly number[] }
  /** RFC 5545, without UNTIL (`lastDate` says it) and without frequencies below a day. */
  | { readonly kind: 'rrule'; readonly rrule: string }
  | LunarRule;

/** Days of the Vietnamese lunar calendar: mùng một and rằm, a day of mourning, Tết and the days around it. */
export interface LunarRule {
  readonly kind: 'lunar';
  /** 1 to 12, or every month. */
  readonly months: readonly number[] | 'every';
  /** 1 to 30. A month of 29 days has no 30th. */
  readonly days: readonly number[];
  /** Whether a leap month (tháng nhuận) counts as well as the month whose number it repeats. */
  readonly inLeapMonths: boolean;
  /** Days to add: the eve of Tết is day 1 of month 1, shifted by -1. */
  readonly shiftDays: number;
}

/** Local dates `YYYY-MM-DD`, both inclusive. */
export interface DateSpan {
  readonly firstDate: string;
  readonly lastDate: string;
}

/** A change to one date of a series. `at` and `to` are local times `YYYY-MM-DDTHH:MM:SS` in the series' zone. */
export type SeriesException =
  /** Not then (RFC 5545 EXDATE). */
  | { readonly kind: 'cancel'; readonly at: string }
  /** Then instead; it remains the occurrence of its own date (RECURRENCE-ID). */
  | { readonly kind: 'move'; readonly at: string; readonly to: string }
  /** Then as well (RDATE). */
  | { readonly kind: 'add'; readonly at: string };

/** What a series does on the holidays of a table. */
export interface HolidayChoice {
  readonly tableId: string;
  readonly action:
    | { readonly kind: 'skip' }
    /** To the same time of the nearest day before or after that is no holiday. */
    | { readonly kind: 'move'; readonly direction: 'before' | 'after' }
    /** Another approved series sounds in its place. */
    | { readonly kind: 'replace'; readonly bySeriesId: string };
}

/** A piece that the province or the centre sent down. A routine one waits for the commune's choice (Circular 39/2020). */
export interface SentFromAbove {
  readonly from: string;
  readonly choice: 'waiting' | 'accepted' | 'declined';
}

/** A rule that repeats an approved sound on some clusters. */
export interface Series {
  readonly id: string;
  /** The first series of which this one is an edit, or its own `id`. Occurrences keep their identity by it (P4). */
  readonly rootId: string;
  readonly title: string;
  /** Targets, resolved to clusters. */
  readonly clusterIds: readonly string[];
  readonly rule: SeriesRule;
  /** IANA zone of the dates and the time below. */
  readonly timeZone: string;
  /** `YYYY-MM-DD`, inclusive. */
  readonly firstDate: string;
  /** `YYYY-MM-DD`, inclusive; `null`: no end. */
  readonly lastDate: string | null;
  /** Time of day, `HH:MM:SS`. */
  readonly localTime: string;
  /** How long it is expected to sound, repeats and pauses included. */
  readonly plannedMs: number;
  readonly rules: PlayRules;
  /** The dates that the approved manifest allows, in `timeZone`; `null` while nothing is approved (P2). */
  readonly approved: DateSpan | null;
  /** Absent: none. */
  readonly exceptions?: readonly SeriesException[];
  /** Absent: it sounds on holidays like on other days. */
  readonly onHolidays?: HolidayChoice;
  /** Absent: the commune's own. */
  readonly sentFromAbove?: SentFromAbove;
}
