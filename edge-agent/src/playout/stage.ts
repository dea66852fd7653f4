import type { PowerKeeper, PowerLease } from '@loa/firmware-bridge';
import { type Clock, errorCode, type Logger } from '@loa/kernel';
import type { Reason } from '@loa/schedules';
import { airingOf } from './airing.ts';
import type { Cue } from './cue.ts';
import { type CutReason, endingOf } from './ending.ts';
import type { Ending, OccurrenceStore } from './occurrence-store.ts';
import type { Playback, PlayStep } from './playback.ts';

/** The part of the power keeper that playing needs. */
export type Power = Pick<PowerKeeper, 'acquire' | 'state'>;
type Airing = NonNullable<Ending['airing']>;

/** How one appearance on the horn ended. */
export type StageResult =
  /** Its outcome is written, or had been before. */
  | { readonly kind: 'closed' }
  /** Nothing was claimed and nothing sounded. */
  | { readonly kind: 'not-begun'; readonly cut: CutReason }
  | { readonly kind: 'not-begun'; readonly cut: undefined; readonly obstacle: Reason }
  /** Something more urgent took the horn, and its rules say that it goes on afterwards. */
  | { readonly kind: 'suspended'; readonly airing: Airing };

/** One cue on the horn. */
export interface Appearance {
  readonly cue: Cue;
  readonly result: Promise<StageResult>;
  /** Ends it early. The first reason stands. */
  cut(reason: CutReason): void;
}

/** What goes onto the horn. */
export interface Appearing {
  readonly cue: Cue;
  readonly steps: readonly PlayStep[];
  readonly perRepeat: number;
  readonly gainDb: number;
  /** What it measured before it was pre-empted. */
  readonly before?: Airing | undefined;
}

/** Long enough not to click, short enough to be "at once". */
const FADE_MS = 80;

/**
 * Brings cues onto the horn: power first, then the durable claim, then the first sample, then the outcome, then the power
 * goes (P3, P4, P8).
 */
export function createStage({
  player,
  power,
  store,
  warmUpMs,
  calibrationMs,
  distrust,
  clock,
  log,
}: {
  readonly player: Playback;
  readonly power: Power;
  readonly store: OccurrenceStore;
  /** What the amplifier needs from power to full sound. */
  readonly warmUpMs: () => number;
  /** How much later sound leaves the horn than the sink. */
  readonly calibrationMs: () => number;
  /** Called with a file that could not be decoded. */
  readonly distrust: (path: string) => void;
  readonly clock: Clock;
  readonly log: Logger;
}): { appear(what: Appearing): Appearance } {
  const nowMs = () => clock.now().epochMilliseconds;

  const takePower = async (cue: Cue, signal: AbortSignal): Promise<PowerLease> => {
    const wasOn = power.state().power === 'on';
    const lease = await power.acquire(cue.id, { signal });
    try {
      if (!wasOn) await clock.sleep(warmUpMs(), { signal });
      return lease;
    } catch (error) {
      await lease.release();
      throw error;
    }
  };

  const appear = ({ cue, steps, perRepeat, gainDb, before }: Appearing): Appearance => {
    const control = new AbortController();
    let cutReason: CutReason | undefined;
    let stopPlaying = () => {};
    const cut = (reason: CutReason) => {
      cutReason ??= reason;
      control.abort();
      stopPlaying();
    };

    const play = async (lease: PowerLease): Promise<StageResult> => {
      const delayMs = calibrationMs();
      const playing = player.play({
        id: cue.id,
        steps,
        startAtMs: (before ? nowMs() : cue.startsAtMs) - delayMs,
        gainDb,
        ...(before && cue.rules.preempted === 'resume' ? { skipMs: before.heardMs } : {}),
      });
      stopPlaying = () => playing.stop({ fadeMs: FADE_MS });
      if (cutReason) stopPlaying();
      lease.lost.addEventListener('abort', () => cut('amplifier'), { once: true });
      if (lease.lost.aborted) cut('amplifier');
      const over = new AbortController();
      if (cue.stopByMs !== null)
        void clock.sleep(Math.max(0, cue.stopByMs - nowMs()), { signal: over.signal }).then(
          () => cut('expired'),
          () => {},
        ); // ended before
      let startErrorMs: number | null = null;
      void playing.started.then(
        (started) => {
          startErrorMs = started.startErrorMs;
          log.info({ occurrence: cue.id, title: cue.title, startErrorMs }, 'a broadcast started');
        },
        () => {}, // it never began: the end says why
      );
      const end = await playing.ended;
      over.abort();
      const failed = end.end === 'unreadable' ? steps[end.stepsDone] : undefined;
      if (failed?.kind === 'file') distrust(failed.path);
      const repeatsDone = perRepeat > 0 ? Math.floor((end.stepsDone + 1) / perRepeat) : 0;
      const airing = airingOf(end, {
        before,
        delayMs,
        startErrorMs,
        repeatsDone: end.end === 'complete' ? cue.repeat.times : Math.min(repeatsDone, cue.repeat.times),
        gainDb,
      });
      if (end.end === 'stopped' && cutReason === 'pre-empted' && cue.rules.preempted !== 'drop')
        return { kind: 'suspended', airing };
      const ending = endingOf(end, cutReason, airing);
      store.close(cue, ending, nowMs());
      log.info({ occurrence: cue.id, result: ending.result, reason: ending.reason }, 'a broadcast ended');
      return { kind: 'closed' };
    };

    const notBegun = (obstacle: Reason): StageResult =>
      cutReason ? { kind: 'not-begun', cut: cutReason } : { kind: 'not-begun', cut: undefined, obstacle };

    const run = async (): Promise<StageResult> => {
      let lease: PowerLease;
      try {
        lease = await takePower(cue, control.signal);
      } catch (error) {
        if (!cutReason)
          log.error({ occurrence: cue.id, code: errorCode(error) }, 'the amplifier gives no power');
        return notBegun('amplifier');
      }
      try {
        if (cutReason) return notBegun('agent-stopped');
        try {
          if (!before && !store.claim(cue, nowMs())) return { kind: 'closed' };
        } catch (error) {
          log.error(
            { err: error, occurrence: cue.id },
            'a claim could not be written down, so nothing sounds',
          );
          return notBegun('storage');
        }
        return await play(lease);
      } finally {
        await lease.release();
      }
    };
    return { cue, result: run(), cut };
  };
  return { appear };
}
