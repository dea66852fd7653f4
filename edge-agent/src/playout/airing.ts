import type { JournalEventOf } from '@loa/contract';
import type { PlayEnd } from './playback.ts';

type Airing = NonNullable<JournalEventOf<'outcome'>['airing']>;

const LEVEL_FLOOR_DBFS = -200;
const LEVEL_CEILING_DBFS = 6;

/** Returns a level as the contract wants it; silence has none. */
function level(dbfs: number | null): number | null {
  if (dbfs === null || !Number.isFinite(dbfs)) return null;
  return Math.min(LEVEL_CEILING_DBFS, Math.max(LEVEL_FLOOR_DBFS, Math.round(dbfs * 10) / 10));
}

const loudest = (a: number | null, b: number | null) =>
  a === null || b === null ? (a ?? b) : Math.max(a, b);

/** What an occurrence measured so far: an occurrence that was resumed has more than one stretch. */
export function airingOf(
  end: PlayEnd,
  {
    before,
    delayMs,
    startErrorMs,
    repeatsDone,
    gainDb,
  }: {
    readonly before: Airing | undefined;
    /** From the sink to the horn. */
    readonly delayMs: number;
    readonly startErrorMs: number | null;
    readonly repeatsDone: number;
    readonly gainDb: number;
  },
): Airing {
  const atHorn = (ms: number | null) => (ms === null ? null : Math.round(ms + delayMs));
  return {
    startedAtMs: before?.startedAtMs ?? atHorn(end.startedAtMs),
    endedAtMs: atHorn(end.endedAtMs) ?? before?.endedAtMs ?? null,
    startErrorMs:
      before?.startErrorMs ?? (startErrorMs === null ? null : Math.round(startErrorMs * 100) / 100),
    heardMs: (before?.heardMs ?? 0) + Math.max(0, Math.round(end.heardMs)),
    repeatsDone: Math.min(99, repeatsDone),
    gainDb,
    peakDbfs: loudest(before?.peakDbfs ?? null, level(end.peakDbfs)),
    rmsDbfs: level(end.rmsDbfs) ?? before?.rmsDbfs ?? null,
  };
}
