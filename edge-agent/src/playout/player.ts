import { assertNever, type Clock, type Logger, type Part } from '@loa/kernel';
import { readClocks } from '../sink/read-clocks.ts';
import type { SinkCounts, SinkState } from '../sink/sink.ts';
import { SinkError } from '../sink/sink-error.ts';
import type { PlayStep } from './clip.ts';
import type { EngineHost, EngineLink } from './player-link.ts';
import type { EngineReport, PlayEndKind, PlayOutcome } from './player-messages.ts';

const RESTART_MS = 100;
const LAST_RESTART_MS = 10_000;
const STEADY_MS = 60_000; // a thread that held this long died of something new

/** One thing to play, decided by the caller: what, when, how loud. */
export interface PlayRequest {
  /** For logs, such as the occurrence's id. */
  readonly id: string;
  /** Files and pauses in order; repeats are written out by the caller. */
  readonly steps: readonly PlayStep[];
  /** Wall-clock start, UTC milliseconds; at once when past. A later step of the wall clock does not move it. */
  readonly startAtMs: number;
  /** Added to the sound as it is in the file, in dB; 0 leaves it. */
  readonly gainDb: number;
  /** Leaves out the beginning, in milliseconds, to go on where a sound was cut. Default 0. */
  readonly skipMs?: number;
}

/** How a sound began: told when its first sample has left the sink. */
export interface PlayStart {
  /** UTC milliseconds with fractions, on the wall clock as it stood when `play` was called. */
  readonly startedAtMs: number;
  /** `startedAtMs` minus `startAtMs`. */
  readonly startErrorMs: number;
}

/** What became of a sound: told when its last sample has left the sink. Times as in `PlayStart`. */
export interface PlayEnd extends Omit<PlayOutcome, 'lastedMs' | 'startErrorMs'> {
  /** `null` when nothing of it was heard. */
  readonly startedAtMs: number | null;
  readonly endedAtMs: number;
}

/** One play under way. Its promises never reject. */
export interface PlayHandle {
  /** Resolves when the first sample has left; waits for ever when the play ends without one. */
  readonly started: Promise<PlayStart>;
  readonly ended: Promise<PlayEnd>;
  /**
   * Fades out within `fadeMs` (50 to 100 sounds natural, 0 cuts) and ends; what the device already holds, its lead, is
   * still heard. `reason` becomes the end's `detail`.
   */
  stop(options: { readonly fadeMs: number; readonly reason?: string }): void;
}

/** What sounds on this box. Nothing it is given can make it throw or stop. */
export interface Player extends Part {
  /** Starts the sound's thread. @throws {SinkError} sink/lost when the thread cannot run. An absent card is no fault. */
  start(): Promise<void>;
  /** Cuts what sounds, closes the sink and ends the thread. */
  stop(signal: AbortSignal): Promise<void>;
  sinkState(): SinkState;
  sinkCounts(): SinkCounts;
  /** Calls `listener` after each change of the sink's state; returns the function that ends it. */
  onSinkChange(listener: (state: SinkState) => void): () => void;
  /** Decodes ahead and starts at `startAtMs`, to the sample. Several may sound at once. */
  play(request: PlayRequest): PlayHandle;
}

interface Play {
  readonly request: PlayRequest;
  readonly askedAtMs: number;
  readonly askedMonoMs: number;
  readonly leaveMonoMs: number;
  startErrorMs?: number;
  tellStart(start: PlayStart): void;
  tellEnd(end: PlayEnd): void;
}

/** Creates a player; `calibrationMs`, asked at each play, is how long the amplifier takes from the sink to the ear. */
export function createPlayer({
  clock,
  log,
  host,
  calibrationMs = () => 0,
}: {
  readonly clock: Clock;
  readonly log: Logger;
  readonly host: EngineHost;
  readonly calibrationMs?: () => number;
}): Player {
  const plays = new Map<number, Play>();
  const listeners = new Set<(state: SinkState) => void>();
  let sinkState: SinkState = { kind: 'absent', reason: 'the sound has not been started' };
  let counts: SinkCounts = { underruns: 0, losses: 0 };
  let lastKey = 0;
  let link: EngineLink | undefined;
  let gone: Promise<string | undefined> | undefined;
  let stopping: AbortController | undefined;
  let watching: Promise<void> | undefined;

  function become(state: SinkState): void {
    const isNews = JSON.stringify(state) !== JSON.stringify(sinkState);
    sinkState = state;
    if (!isNews) return;
    for (const listener of [...listeners]) listener(state);
  }

  function send(key: number, { request, leaveMonoMs }: Play): void {
    const { steps, gainDb, skipMs = 0 } = request;
    link?.send({ kind: 'play', key, steps, gainDb, skipMs, leaveMonoMs });
  }

  function hear(report: EngineReport): void {
    switch (report.kind) {
      case 'sink':
        counts = report.counts;
        become(report.state);
        break;
      case 'log':
        log[report.level](report.fields, report.message);
        break;
      case 'started':
        begin(report.key, report.startErrorMs);
        break;
      case 'ended':
        end(report.key, report.outcome);
        break;
      default:
        assertNever(report);
    }
  }

  function begin(key: number, startErrorMs: number): void {
    const play = plays.get(key);
    if (!play) return;
    play.startErrorMs = startErrorMs;
    play.tellStart(startOf(play, startErrorMs));
  }

  function end(key: number, { lastedMs, startErrorMs, ...outcome }: PlayOutcome): void {
    const play = plays.get(key);
    if (!play) return;
    plays.delete(key);
    const startedAtMs = startErrorMs === null ? null : startOf(play, startErrorMs).startedAtMs;
    const sinceAskedMs = host.monotonicMs() - play.askedMonoMs;
    const endedAtMs = startedAtMs === null ? play.askedAtMs + sinceAskedMs : startedAtMs + lastedMs;
    play.tellEnd({ ...outcome, startedAtMs, endedAtMs });
  }

  /** Ends what a dead thread was playing. What had not begun is given to the next thread. */
  function mourn(why: string): void {
    const nowMs = host.monotonicMs();
    for (const [key, play] of [...plays]) {
      if (play.startErrorMs === undefined && play.leaveMonoMs > nowMs && !stopping?.signal.aborted) continue;
      end(key, lostOutcome(play, nowMs, why));
    }
  }

  async function open(): Promise<void> {
    const first = Promise.withResolvers<void>();
    gone = new Promise((resolve) => {
      link = host.open({
        onReport(report) {
          first.resolve();
          hear(report);
        },
        onGone(why) {
          first.reject(new SinkError('sink/lost', `the sound's thread cannot run: ${why ?? 'it ended'}`));
          resolve(why ?? 'it ended');
        },
      });
    });
    await first.promise;
  }

  /** Opens the thread again whenever it dies. */
  async function watch(signal: AbortSignal): Promise<void> {
    for (let pauseMs = RESTART_MS; ; ) {
      const openedMonoMs = clock.monotonicMs();
      const why = `the sound's thread ended: ${await gone}`;
      mourn(why);
      if (signal.aborted) return;
      log.error({ why }, "the sound's thread died and is started again");
      become({ kind: 'lost', reason: why });
      if (clock.monotonicMs() - openedMonoMs > STEADY_MS) pauseMs = RESTART_MS;
      await clock.sleep(pauseMs, { signal }).catch(() => {}); // stopping
      if (signal.aborted) return;
      pauseMs = Math.min(pauseMs * 2, LAST_RESTART_MS);
      await open().catch(() => {}); // `gone` tells why
      for (const [key, play] of plays) send(key, play);
    }
  }

  return {
    name: 'player',
    sinkState: () => sinkState,
    sinkCounts: () => counts,
    onSinkChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async start() {
      if (stopping) return;
      stopping = new AbortController();
      try {
        await open();
      } catch (error) {
        stopping = undefined;
        throw error;
      }
      watching = watch(stopping.signal);
    },
    async stop(signal) {
      if (!stopping) return;
      stopping.abort();
      link?.send({ kind: 'close' });
      const kill = () => void link?.kill();
      if (signal.aborted) kill();
      signal.addEventListener('abort', kill, { once: true });
      await watching;
      signal.removeEventListener('abort', kill);
      stopping = undefined;
      become({ kind: 'absent', reason: 'the sound has been stopped' });
    },
    play(request) {
      const started = Promise.withResolvers<PlayStart>();
      const ended = Promise.withResolvers<PlayEnd>();
      const key = ++lastKey;
      const { wallMs: askedAtMs, monoMs: askedMonoMs } = readClocks({
        now: () => clock.now(),
        monotonicMs: () => host.monotonicMs(),
      });
      const leaveMonoMs = askedMonoMs + (request.startAtMs - askedAtMs) - calibrationMs();
      const play: Play = {
        request,
        askedAtMs,
        askedMonoMs,
        leaveMonoMs,
        tellStart: started.resolve,
        tellEnd: ended.resolve,
      };
      plays.set(key, play);
      if (stopping && !stopping.signal.aborted) send(key, play);
      else end(key, unheard('no-sink', 'the sound is not started'));
      return {
        started: started.promise,
        ended: ended.promise,
        stop: ({ fadeMs, reason = 'stopped' }) => link?.send({ kind: 'stop', key, fadeMs, reason }),
      };
    },
  };
}

function startOf({ request }: Play, startErrorMs: number): PlayStart {
  return { startedAtMs: request.startAtMs + startErrorMs, startErrorMs };
}

/** What can be said of a play whose engine is gone: it was heard until then at the most. */
function lostOutcome({ startErrorMs, leaveMonoMs }: Play, nowMs: number, why: string): PlayOutcome {
  if (startErrorMs === undefined) return unheard('sink-lost', why);
  const lastedMs = nowMs - leaveMonoMs - startErrorMs;
  return { ...unheard('sink-lost', why), startErrorMs, lastedMs, heardMs: lastedMs };
}

function unheard(end: PlayEndKind, detail: string): PlayOutcome {
  const times = { startErrorMs: null, lastedMs: 0, heardMs: 0, gapMs: 0 };
  return { end, ...times, stepsDone: 0, peakDbfs: null, rmsDbfs: null, detail };
}
