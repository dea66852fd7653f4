/** UTC milliseconds: `fromMs` inclusive, `untilMs` exclusive. */
export interface Horizon {
  readonly fromMs: number;
  readonly untilMs: number;
}
