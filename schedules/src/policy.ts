import type { BroadcastClass } from './broadcast-class.ts';

/** A weekly span of local time. `days` are ISO weekdays, 1 = Monday; a span that ends before it begins crosses midnight. */
export interface PolicyWindow {
  readonly days: readonly number[];
  /** `HH:MM`, inclusive. */
  readonly from: string;
  /** `HH:MM`, exclusive; `24:00` is midnight at the day's end. */
  readonly to: string;
}

/** A cap on how loud a class may be at an hour. */
export interface VolumeRule extends PolicyWindow {
  readonly classes: readonly BroadcastClass[];
  /** Decibels relative to the site's nominal level; 0 or less. */
  readonly maxGainDb: number;
}

/** A span of silence with an end: a funeral, an exam. */
export interface Mute {
  readonly id: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly classes: readonly BroadcastClass[];
  readonly reason: string;
}

/**
 * The broadcasting rules of an area (quy chế hoạt động). The law leaves hours and lengths to the commune,
 * so every limit is data. Emergency passes windows and limits, never the site's hard volume cap.
 */
export interface Policy {
  readonly timeZone: string;
  /** Spans in which routine and priority may sound; empty means never. */
  readonly windows: readonly PolicyWindow[];
  readonly maxSessionsPerDay: number | null;
  readonly maxMinutesPerSession: number | null;
  readonly maxMinutesPerDay: number | null;
  readonly volume: readonly VolumeRule[];
  readonly mutes: readonly Mute[];
  /** BCP 47 tags in the order in which a bilingual bulletin speaks them. */
  readonly languages: readonly string[];
}
