import type { Part, SoundRef } from '@loa/contract';
import type { Series } from '@loa/schedules';

/** One approved language of a bulletin; `parts` name `sounds` by index. */
export interface PlannableVariant {
  readonly language: string;
  readonly parts: readonly Part[];
  readonly sounds: readonly SoundRef[];
  readonly durationMs: number;
}

/** What the planner needs of an active, approved series; its length depends on the languages that a cluster asks for. */
export interface PlannableSeries extends Omit<Series, 'plannedMs'> {
  readonly bulletinId: string;
  /** SHA-256 of the approved manifest that lets it sound (P2). */
  readonly manifestSha: string;
  readonly repeat: { readonly times: number; readonly gapMs: number };
  readonly gainDb: number;
  readonly variants: readonly PlannableVariant[];
}
