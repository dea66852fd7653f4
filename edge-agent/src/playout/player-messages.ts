import type { LogFields } from '@loa/kernel';
import type { SinkCounts, SinkState } from '../sink/sink.ts';
import type { PlayStep } from './clip.ts';
import type { Level } from './mixer-level.ts';

/** What the player tells the sound's thread. Times are on the clock that both threads share. */
export type EngineOrder =
  | {
      readonly kind: 'play';
      /** Names this play between the threads; never used again. */
      readonly key: number;
      readonly steps: readonly PlayStep[];
      /** When the first sample shall leave the sink. */
      readonly leaveMonoMs: number;
      readonly gainDb: number;
      readonly skipMs: number;
    }
  | { readonly kind: 'stop'; readonly key: number; readonly fadeMs: number; readonly reason: string }
  | { readonly kind: 'close' };

/** How a play ended. */
export type PlayEndKind = 'complete' | 'stopped' | 'sink-lost' | 'no-sink' | 'unreadable';

/** What became of one play, as far as the sound's thread knows it. */
export interface PlayOutcome extends Level {
  readonly end: PlayEndKind;
  /** When its first sample left after it should have, in milliseconds; `null` when none did. */
  readonly startErrorMs: number | null;
  /** From its first sample to its last, holes included, in milliseconds. */
  readonly lastedMs: number;
  /** How much of it was heard, in milliseconds: `skipMs + heardMs` is where to resume. */
  readonly heardMs: number;
  /** Silence that came in between because reading or feeding was late, in milliseconds. */
  readonly gapMs: number;
  /** Steps heard to their end, skipped ones included. */
  readonly stepsDone: number;
  /** Why, when it did not end as ordered; else empty. */
  readonly detail: string;
}

/** What the sound's thread tells the player. */
export type EngineReport =
  | { readonly kind: 'sink'; readonly state: SinkState; readonly counts: SinkCounts }
  | { readonly kind: 'started'; readonly key: number; readonly startErrorMs: number }
  | { readonly kind: 'ended'; readonly key: number; readonly outcome: PlayOutcome }
  | {
      readonly kind: 'log';
      readonly level: 'error' | 'warn' | 'info' | 'debug';
      readonly fields: LogFields;
      readonly message: string;
    };
