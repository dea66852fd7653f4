import type { Clock, Logger } from '@loa/kernel';
import type { Sink, SinkClock, SinkState } from './sink.ts';
import { SinkError } from './sink-error.ts';

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;
const ABSENT_RETRY_MS = 5_000; // a USB card put in is found within this time
const STEADY_MS = 10_000; // a device that held this long failed for a new reason: begin the back-off anew

/** What a driver tells while it runs. */
export interface DeviceRun {
  readonly signal: AbortSignal;
  /** Says that samples leave from now on, and how to know when. */
  ready(estimate: () => SinkClock | undefined): void;
  /** Says that the device ran dry. */
  underrun(): void;
}

/**
 * Opens a device, feeds it, and returns only by throwing: the signal's reason, or why the device failed.
 * @throws {SinkError} sink/absent when there is no device; sink/lost, or anything else, when it failed.
 */
export type RunDevice = (run: DeviceRun) => Promise<never>;

/** Makes a sink of a driver: keeps its device open, opens it again after a pause when it fails, tells the state. */
export function keepSink({
  name,
  leadSamples,
  run,
  clock,
  log,
}: {
  readonly name: string;
  readonly leadSamples: number;
  readonly run: RunDevice;
  readonly clock: Clock;
  readonly log: Logger;
}): Sink {
  const listeners = new Set<(state: SinkState) => void>();
  let state: SinkState = { kind: 'absent', reason: 'the sound has not been started' };
  let estimate: () => SinkClock | undefined = () => undefined;
  let underruns = 0;
  let losses = 0;
  let stopping: AbortController | undefined;
  let running: Promise<void> | undefined;

  function become(next: SinkState): void {
    if (next.kind !== 'ready') estimate = () => undefined;
    const isNews = JSON.stringify(next) !== JSON.stringify(state);
    state = next;
    if (isNews) for (const listener of [...listeners]) listener(next);
  }

  async function runOnce(signal: AbortSignal): Promise<'absent' | 'lost'> {
    try {
      return await run({
        signal,
        ready(how) {
          estimate = how;
          become({ kind: 'ready' });
          log.info({ sink: name }, 'sound can leave');
        },
        underrun() {
          underruns++;
          log.warn({ sink: name, underruns }, 'the sound ran dry for a moment');
        },
      });
    } catch (error) {
      if (signal.aborted) return 'lost';
      const reason = error instanceof Error ? error.message : String(error);
      const isAbsent = error instanceof SinkError && error.code === 'sink/absent';
      const kind = isAbsent ? 'absent' : 'lost';
      if (state.kind === 'ready') losses++;
      if (state.kind !== kind) log.error({ sink: name, err: error }, `no sound can leave: it is ${kind}`);
      become({ kind, reason });
      return kind;
    }
  }

  async function keep(signal: AbortSignal): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!signal.aborted) {
      const openedMonoMs = clock.monotonicMs();
      const ended = await runOnce(signal);
      if (clock.monotonicMs() - openedMonoMs > STEADY_MS) retryMs = FIRST_RETRY_MS;
      const pauseMs = ended === 'absent' ? ABSENT_RETRY_MS : retryMs;
      await clock.sleep(pauseMs, { signal }).catch(() => {}); // stopped: the loop ends
      if (ended === 'lost') retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    }
  }

  return {
    name,
    leadSamples,
    state: () => state,
    onStateChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clockEstimate: () => estimate(),
    counts: () => ({ underruns, losses }),
    start() {
      if (stopping) return;
      stopping = new AbortController();
      become({ kind: 'opening' });
      running = keep(stopping.signal);
    },
    async stop() {
      stopping?.abort();
      await running;
      stopping = undefined;
      become({ kind: 'absent', reason: 'the sound has been stopped' });
    },
  };
}
