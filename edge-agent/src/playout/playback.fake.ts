import type { Clock } from '@loa/kernel';
import type { Playback, PlayEnd, PlayRequest } from './playback.ts';

/** A stretch of sound as somebody under the horn heard it: the judge of every promise about sounding. */
export interface HeardStretch {
  readonly id: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly gainDb: number;
  readonly skipMs: number;
}

/** A player without sound: it takes the time that the steps take. Files last as long as `lengthMs` says. */
export interface PlaybackFake extends Playback {
  readonly heard: readonly HeardStretch[];
  setSink(kind: ReturnType<Playback['sinkState']>['kind']): void;
  /** What the next sounds meet. */
  setFate(end: PlayEnd['end'] | undefined): void;
}

/** Creates a player whose sink is ready. */
export function createPlaybackFake({
  clock,
  lengthMs = () => 15_000,
}: {
  readonly clock: Clock;
  readonly lengthMs?: (path: string) => number;
}): PlaybackFake {
  const heard: HeardStretch[] = [];
  let sink: ReturnType<Playback['sinkState']>['kind'] = 'ready';
  let fate: PlayEnd['end'] | undefined;
  const nowMs = () => clock.now().epochMilliseconds;
  const play = ({ id, steps, startAtMs, gainDb, skipMs = 0 }: PlayRequest) => {
    const stop = new AbortController();
    const started = Promise.withResolvers<{ startedAtMs: number; startErrorMs: number }>();
    const lengths = steps.map((step) => (step.kind === 'file' ? lengthMs(step.path) : step.ms));
    const totalMs = lengths.reduce((sum, ms) => sum + ms, 0) - skipMs;
    const run = async (): Promise<PlayEnd> => {
      const silent = { peakDbfs: null, rmsDbfs: null, detail: '' };
      const nothing = { startedAtMs: null, endedAtMs: null, heardMs: 0, stepsDone: 0, ...silent };
      if (fate === 'no-sink' || fate === 'unreadable') return { end: fate, ...nothing };
      await clock.sleep(Math.max(0, startAtMs - nowMs()), { signal: stop.signal }).catch(() => {});
      if (stop.signal.aborted) return { end: 'stopped', ...nothing };
      const startedAtMs = nowMs();
      started.resolve({ startedAtMs, startErrorMs: startedAtMs - startAtMs });
      const untilEndMs = fate === 'sink-lost' ? totalMs / 2 : totalMs;
      await clock.sleep(untilEndMs, { signal: stop.signal }).catch(() => {});
      const endedAtMs = nowMs();
      heard.push({ id, fromMs: startedAtMs, untilMs: endedAtMs, gainDb, skipMs });
      const heardMs = endedAtMs - startedAtMs;
      const end = stop.signal.aborted ? 'stopped' : (fate ?? 'complete');
      const stepsDone = end === 'complete' ? steps.length : 0;
      return { end, startedAtMs, endedAtMs, heardMs, stepsDone, peakDbfs: -3, rmsDbfs: -16, detail: '' };
    };
    return { started: started.promise, ended: run(), stop: () => stop.abort() };
  };
  return {
    heard,
    play,
    sinkState: () => ({ kind: sink }),
    setSink(kind) {
      sink = kind;
    },
    setFate(end) {
      fate = end;
    },
  };
}
