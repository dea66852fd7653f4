import { type Clock, type Logger, MAX_SLEEP_MS } from '@loa/kernel';
import type { SinkParts } from '../sink/create-sink.ts';
import {
  indexAt,
  leavesAtMonoMs,
  SAMPLES_PER_MS,
  type Sink,
  type SinkClock,
  type SinkCounts,
} from '../sink/sink.ts';
import { type Clip, openClip } from './clip.ts';
import type { OpenSound } from './clip-sound.ts';
import { createMixer, type Voice } from './mixer.ts';
import type { EngineOrder, EngineReport, PlayEndKind } from './player-messages.ts';

const FADE_IN_MS = 50; // a resumed sound begins in the middle of a wave
const SINK_GRACE_MS = 2_000; // a lost sink is usually back within this time

type PlayOrder = Extract<EngineOrder, { kind: 'play' }>;

interface Play extends PlayOrder {
  readonly clip: Clip;
  readonly over: AbortController;
  voice?: Voice;
  startErrorMs?: number;
  stopReason?: string;
}

/** All that makes sound: the sink, the mixer and the plays. It runs in the sound's own thread, or in any for tests. */
export interface PlayerEngine {
  start(): Promise<void> | void;
  obey(order: Exclude<EngineOrder, { kind: 'close' }>): void;
  /** Ends every play where it is and closes the sink. */
  stop(signal: AbortSignal): Promise<void>;
}

/** Creates an engine that tells what happens through `report`. */
export function createPlayerEngine({
  clock,
  log,
  makeSink,
  openSound,
  report,
}: {
  readonly clock: Clock;
  readonly log: Logger;
  readonly makeSink: (parts: SinkParts) => Sink;
  readonly openSound: OpenSound;
  readonly report: (report: EngineReport) => void;
}): PlayerEngine {
  const plays = new Map<number, Play>();
  const mixer = createMixer();
  const sink = makeSink({ clock, log, source });
  let told: SinkCounts | undefined;
  let lastKnown: SinkClock | undefined; // outlives the sink's readiness: what was heard is told after a loss

  /** Called by the sink a lead ahead of the device, each 20 ms. */
  function source(samples: Int16Array, firstIndex: number): void {
    const estimate = sink.clockEstimate();
    if (estimate) {
      lastKnown = estimate;
      for (const play of plays.values()) begin(play, estimate, firstIndex, firstIndex + samples.length);
    }
    mixer.mix(samples, firstIndex);
    if (sink.counts().underruns !== told?.underruns) tellSink();
    if (estimate) for (const play of plays.values()) follow(play, estimate);
  }

  function begin(play: Play, estimate: SinkClock, fromIndex: number, toIndex: number): void {
    if (play.voice) return;
    if (play.clip.isOver()) {
      finish(play, play.clip.error() === undefined ? 'complete' : 'unreadable');
      return;
    }
    const dueIndex = Math.round(indexAt(estimate, play.leaveMonoMs));
    if (dueIndex >= toIndex || !play.clip.isReady()) return;
    play.voice = mixer.add(play.clip, {
      firstIndex: Math.max(dueIndex, fromIndex),
      gainDb: play.gainDb,
      fadeInMs: play.skipMs > 0 ? FADE_IN_MS : 0,
    });
  }

  /** Tells what has left the device by now, never what is only about to. */
  function follow(play: Play, estimate: SinkClock): void {
    if (!play.voice) return;
    const leaving = indexAt(estimate, clock.monotonicMs());
    if (leaving < play.voice.firstIndex) return;
    if (play.startErrorMs === undefined) {
      play.startErrorMs = leavesAtMonoMs(estimate, play.voice.firstIndex) - play.leaveMonoMs;
      report({ kind: 'started', key: play.key, startErrorMs: play.startErrorMs });
    }
    const endIndex = play.voice.endIndex();
    if (endIndex === undefined || leaving < endIndex) return;
    const isStopped = play.stopReason !== undefined;
    finish(play, isStopped ? 'stopped' : play.clip.error() === undefined ? 'complete' : 'unreadable');
  }

  function finish(play: Play, end: PlayEndKind, why?: string): void {
    plays.delete(play.key);
    play.over.abort();
    play.clip.close();
    const { voice, startErrorMs } = play;
    const { lastedSamples, heardSamples } = heardOf(play);
    report({
      kind: 'ended',
      key: play.key,
      outcome: {
        end,
        startErrorMs: startErrorMs ?? null,
        lastedMs: lastedSamples / SAMPLES_PER_MS,
        heardMs: heardSamples / SAMPLES_PER_MS,
        gapMs: (voice?.gapSamples() ?? 0) / SAMPLES_PER_MS,
        stepsDone: play.clip.stepsDone(),
        ...(voice?.level() ?? { peakDbfs: null, rmsDbfs: null }),
        detail: why ?? play.stopReason ?? sentence(play.clip.error()),
      },
    });
  }

  /** What of a play has left the device by now. */
  function heardOf({ voice, startErrorMs }: Play): { lastedSamples: number; heardSamples: number } {
    if (!voice || startErrorMs === undefined || !lastKnown) return { lastedSamples: 0, heardSamples: 0 };
    const leaving = Math.floor(indexAt(lastKnown, clock.monotonicMs()));
    const lastedSamples = Math.min(leaving, voice.endIndex() ?? Infinity) - voice.firstIndex;
    const heardSamples = Math.max(0, Math.min(voice.taken(), lastedSamples - voice.gapSamples()));
    return { lastedSamples, heardSamples };
  }

  /** Ends a play that nothing can begin: at its time without a device, a little later when the device may come back. */
  async function giveUp(play: Play): Promise<void> {
    const { signal } = play.over;
    for (;;) {
      const leftMs = play.leaveMonoMs - clock.monotonicMs();
      const graceMs = sink.state().kind === 'absent' ? 0 : SINK_GRACE_MS;
      const state = sink.state();
      if (play.voice) return;
      if (play.clip.isOver() && play.clip.error() !== undefined) return finish(play, 'unreadable');
      if (leftMs + graceMs <= 0 && (state.kind === 'absent' || state.kind === 'lost'))
        return finish(play, 'no-sink', state.reason);
      await clock.sleep(Math.min(MAX_SLEEP_MS, Math.max(leftMs, SINK_GRACE_MS / 4)), { signal });
    }
  }

  function tellSink(): void {
    told = sink.counts();
    report({ kind: 'sink', state: sink.state(), counts: told });
  }

  sink.onStateChange((state) => {
    tellSink();
    if (state.kind === 'ready') return;
    for (const play of [...plays.values()])
      if (play.voice) finish(play, 'sink-lost', 'reason' in state ? state.reason : undefined);
    mixer.clear();
  });

  return {
    start: () => sink.start(),
    obey(order) {
      if (order.kind === 'play') {
        const clip = openClip(order.steps, { openSound, skipMs: order.skipMs });
        const play: Play = { ...order, clip, over: new AbortController() };
        plays.set(order.key, play);
        void giveUp(play).catch(() => {}); // its signal: the play is over
        return;
      }
      const play = plays.get(order.key);
      if (!play || play.voice?.endIndex() !== undefined) return; // what is left of it is on its way out already
      play.stopReason = order.reason;
      if (play.voice) play.voice.fadeOut(order.fadeMs);
      else finish(play, 'stopped');
    },
    async stop(signal) {
      for (const play of [...plays.values()]) finish(play, 'stopped', 'the player was stopped');
      mixer.clear();
      await sink.stop(signal);
    },
  };
}

function sentence(error: unknown): string {
  if (error === undefined) return '';
  return error instanceof Error ? error.message : String(error);
}
