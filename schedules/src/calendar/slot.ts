import type { SkipReason } from '../reason/reason.ts';
import type { Series } from '../series/series.ts';
import type { HolidayTable } from './holiday.ts';

/** One place that a rule gives. The same for all clusters of the series. */
export interface Slot {
  readonly rootId: string;
  /** What sounds there: the series itself, or the one that replaces it on a holiday. */
  readonly series: Series;
  /** The local date that the rule chose. */
  readonly date: string;
  /** Where the rule put it. */
  readonly slotMs: number;
  /** When it should sound. */
  readonly startsAtMs: number;
  /** Why it does not sound, whatever the cluster. */
  readonly refusal: SkipReason | null;
}

/** What expansion looks things up in. */
export interface CalendarData {
  readonly seriesById: ReadonlyMap<string, Series>;
  readonly holidayTables: ReadonlyMap<string, HolidayTable>;
}
