import type { Cue } from './cue.ts';
import type { CutReason } from './ending.ts';
import type { Ending, OccurrenceStore } from './occurrence-store.ts';

type Airing = NonNullable<Ending['airing']>;

/** A sound that was pre-empted and whose rules say that it goes on afterwards. Its occurrence is still open. */
export interface Interruption {
  readonly cue: Cue;
  /** What it measured so far. */
  readonly airing: Airing;
}

/** Sounds that wait to go on. Each goes on soon or is closed: none stays open (P3). */
export interface Interrupted {
  add(interruption: Interruption): void;
  isEmpty(): boolean;
  /** Returns the one that was interrupted first, and forgets it. */
  takeFirst(): Interruption | undefined;
  /** Closes one for good. */
  close(interruption: Interruption, reason: CutReason): void;
  /** Closes those that `applies` to. */
  closeWhere(reason: CutReason, applies: (cue: Cue) => boolean): void;
  /** Closes what has waited too long. */
  closeOverdue(): void;
}

/** What was pre-empted goes on within this time, or not at all. */
const RESUME_WITHIN_MS = 10 * 60_000;

/** Creates an empty list. */
export function createInterrupted({
  store,
  nowMs,
}: {
  readonly store: OccurrenceStore;
  readonly nowMs: () => number;
}): Interrupted {
  let waiting: readonly (Interruption & { readonly untilMs: number })[] = [];
  const close = ({ cue, airing }: Interruption, reason: CutReason) => {
    const result = reason === 'pre-empted' ? 'pre-empted' : 'partial';
    store.close(cue, { result, reason, evidence: 'sink', airing, detail: '' }, nowMs());
  };
  const closeThose = (reason: CutReason, those: (entry: (typeof waiting)[number]) => boolean) => {
    for (const entry of waiting) if (those(entry)) close(entry, reason);
    waiting = waiting.filter((entry) => !those(entry));
  };
  return {
    add(interruption) {
      waiting = [...waiting, { ...interruption, untilMs: nowMs() + RESUME_WITHIN_MS }];
    },
    isEmpty: () => waiting.length === 0,
    takeFirst() {
      const [first, ...rest] = waiting;
      waiting = rest;
      return first;
    },
    close,
    closeWhere: (reason, applies) => closeThose(reason, ({ cue }) => applies(cue)),
    closeOverdue: () => closeThose('pre-empted', ({ untilMs }) => nowMs() > untilMs),
  };
}
