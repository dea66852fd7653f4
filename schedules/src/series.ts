import type { PlayRules } from './play-rules.ts';

/** Which local dates a series falls on. */
export type SeriesRule =
  /** On `firstDate` alone. */
  | { readonly kind: 'once' }
  | { readonly kind: 'daily' }
  /** `days` are ISO weekdays, 1 = Monday. */
  | { readonly kind: 'weekly'; readonly days: readonly number[] };

/** Local dates `YYYY-MM-DD`, both inclusive. */
export interface DateSpan {
  readonly firstDate: string;
  readonly lastDate: string;
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
}
