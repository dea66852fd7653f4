/** One thing after another: a sound from a file, or silence. */
export type PlayStep =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'silence'; readonly ms: number };

/** What should leave the sink, and when. */
export interface PlayRequest {
  readonly id: string;
  readonly steps: readonly PlayStep[];
  /** The common instant, UTC milliseconds; in the past: as soon as possible. */
  readonly startAtMs: number;
  readonly gainDb: number;
  /** Begins this far into the steps, to go on after a pre-emption. */
  readonly skipMs?: number;
}

/** How playing ended, measured at the sink. */
export interface PlayEnd {
  readonly end: 'complete' | 'stopped' | 'sink-lost' | 'no-sink' | 'unreadable';
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly heardMs: number;
  readonly stepsDone: number;
  readonly peakDbfs: number | null;
  readonly rmsDbfs: number | null;
  readonly detail: string;
}

/** A sound on its way. */
export interface Playing {
  readonly started: Promise<{ readonly startedAtMs: number; readonly startErrorMs: number }>;
  readonly ended: Promise<PlayEnd>;
  stop(options: { readonly fadeMs: number }): void;
}

/** What the director needs of the player. */
export interface Playback {
  play(request: PlayRequest): Playing;
  sinkState(): { readonly kind: 'opening' | 'ready' | 'lost' | 'absent' };
}
