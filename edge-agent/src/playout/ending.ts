import type { JournalEventOf } from '@loa/contract';
import { assertNever } from '@loa/kernel';
import type { Reason, Result } from '@loa/schedules';
import type { Ending } from './occurrence-store.ts';
import type { PlayEnd } from './playback.ts';

/** Why a sound was stopped before its end. */
export type CutReason = Extract<
  Reason,
  'pre-empted' | 'hold' | 'cancelled' | 'expired' | 'withdrawn' | 'agent-stopped' | 'amplifier'
>;

type Airing = NonNullable<JournalEventOf<'outcome'>['airing']>;

/** What a sound that was cut before anything was heard is called. */
const UNHEARD: Readonly<Record<CutReason, Result>> = {
  'pre-empted': 'pre-empted',
  hold: 'skipped',
  cancelled: 'skipped',
  withdrawn: 'skipped',
  expired: 'missed',
  'agent-stopped': 'missed',
  amplifier: 'missed',
};

/** Returns the outcome of something that never reached the player. */
export function unheard(result: Result, reason: Reason, detail = ''): Ending {
  return { result, reason, evidence: 'none', airing: null, detail };
}

/** Returns the outcome of something that was stopped before it sounded. */
export function cutUnheard(reason: CutReason): Ending {
  return unheard(UNHEARD[reason], reason);
}

/** Returns what really happened: from how playing ended, and who stopped it. */
export function endingOf(end: PlayEnd, cut: CutReason | undefined, airing: Airing): Ending {
  const isHeard = airing.heardMs > 0;
  const told = (result: Result, reason: Reason): Ending => ({
    result,
    reason,
    evidence: isHeard ? 'sink' : 'none',
    airing,
    detail: end.detail,
  });
  switch (end.end) {
    case 'complete':
      return told('played', 'complete');
    case 'stopped': {
      const reason = cut ?? 'agent-stopped';
      if (!isHeard) return told(UNHEARD[reason], reason);
      return told(reason === 'pre-empted' ? 'pre-empted' : 'partial', reason);
    }
    case 'sink-lost':
      return told(isHeard ? 'partial' : 'missed', 'sink-lost');
    case 'no-sink':
      return told('missed', 'no-sink');
    case 'unreadable':
      return told(isHeard ? 'partial' : 'refused', 'bad-media');
    default:
      return assertNever(end.end);
  }
}
