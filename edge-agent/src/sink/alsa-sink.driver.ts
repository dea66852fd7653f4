import { readFileSync } from 'node:fs';
import type { Clock, Logger } from '@loa/kernel';
import { findAlsaDevice } from './alsa-device.ts';
import { type AlsaPosition, followAlsa } from './alsa-position.ts';
import { parseAlsaStatus } from './alsa-status.ts';
import { type Aplay, BUFFER_MS, startAplay } from './aplay.ts';
import { type DeviceRun, keepSink } from './kept-sink.ts';
import {
  indexAt,
  PERIOD_SAMPLES,
  SAMPLES_PER_MS,
  type SampleSource,
  type Sink,
  type SinkClock,
} from './sink.ts';
import { SinkError } from './sink-error.ts';

const PERIOD_MS = PERIOD_SAMPLES / SAMPLES_PER_MS;
const STUCK_MS = 2_000;
const SETTLING_MS = 500; // a device that cannot be opened makes aplay end well within this time
const LARGEST_BUFFER_MS = 500;
/** As much as the device's buffer: the pipe stays empty, so what was written is what the device has. */
const LEAD_SAMPLES = BUFFER_MS * SAMPLES_PER_MS;

/** Which card plays. */
export interface AlsaSinkOptions {
  /** ALSA name: `plughw:0,0`, `plughw:CARD=Device,DEV=0`. With another name, such as `default`, positions are coarse. */
  readonly device: string;
  /** The program, by name or path. Default `aplay`. */
  readonly program?: string;
  /** Default `/proc/asound`. */
  readonly procFolder?: string;
}

/** Creates a sink on a sound card by one long-lived `aplay`, and asks the kernel where the card is. */
export function createAlsaSink(
  { device, program = 'aplay', procFolder = '/proc/asound' }: AlsaSinkOptions,
  { clock, log, source }: { readonly clock: Clock; readonly log: Logger; readonly source: SampleSource },
): Sink {
  return keepSink({
    name: 'alsa-sink',
    leadSamples: LEAD_SAMPLES,
    clock,
    log,
    async run(run) {
      const { statusPath } = findAlsaDevice(device, procFolder);
      const aplay = startAplay(program, device);
      const signal = AbortSignal.any([run.signal, aplay.ended]);
      try {
        const position = statusPath === undefined ? byCount(clock) : byKernel(statusPath, clock);
        return await feed(aplay, position, { ...run, signal }, { clock, source });
      } finally {
        await aplay.close();
      }
    },
  });
}

async function feed(
  aplay: Aplay,
  position: Position,
  run: DeviceRun,
  { clock, source }: { readonly clock: Clock; readonly source: SampleSource },
): Promise<never> {
  let written = 0;
  let isReady = false;
  let last = { leaving: 0, monoMs: clock.monotonicMs() };
  for (;;) {
    run.signal.throwIfAborted();
    const { leaving, ranDry, isMoving } = position.read(written);
    if (ranDry) run.underrun();
    if (!isReady && position.estimate()) {
      isReady = true;
      run.ready(position.estimate);
    }
    const nowMs = clock.monotonicMs();
    if (leaving !== last.leaving) last = { leaving, monoMs: nowMs };
    const stillMs = nowMs - last.monoMs;
    if (stillMs > STUCK_MS)
      throw new SinkError('sink/lost', `the sound device has not moved for ${STUCK_MS / 1000} s`);
    // A device begins only with a full buffer, and a card may insist on a larger one than asked for.
    const extraMs = isMoving ? 0 : Math.min(stillMs, LARGEST_BUFFER_MS);
    const wanted = leaving + LEAD_SAMPLES + extraMs * SAMPLES_PER_MS;
    for (; written < wanted; written += PERIOD_SAMPLES) {
      const period = new Int16Array(PERIOD_SAMPLES);
      source(period, written);
      aplay.write(period);
    }
    await clock.sleep(PERIOD_MS, { signal: run.signal });
  }
}

/** Where the device is in the stream. */
interface Position {
  read(written: number): { readonly leaving: number; readonly ranDry: boolean; readonly isMoving: boolean };
  estimate: AlsaPosition['estimate'];
}

/** Asks the kernel. */
function byKernel(statusPath: string, clock: Clock): Position {
  const follower = followAlsa();
  return {
    read(written) {
      const status = parseAlsaStatus(readFileSync(statusPath, 'utf8'));
      const nowMs = clock.monotonicMs();
      if (status?.state !== 'RUNNING') return { leaving: follower.leaving(), ranDry: false, isMoving: false };
      // A driver may stamp with the wall clock; ours is then as good as the time it takes to read a file.
      const tstampMs = Math.abs(nowMs - status.tstampMs) < 1_000 ? status.tstampMs : nowMs;
      const { recovered } = follower.observe({ ...status, tstampMs }, written);
      return { leaving: follower.leaving(), ranDry: recovered, isMoving: true };
    },
    estimate: follower.estimate,
  };
}

/** Counts bytes, for devices that are no card of their own: the device begins once its buffer has been filled. */
function byCount(clock: Clock): Position {
  let origin: SinkClock | undefined;
  let isSettled = false;
  return {
    read(written) {
      const nowMs = clock.monotonicMs();
      if (written === 0) return { leaving: 0, ranDry: false, isMoving: false };
      origin ??= { originMonoMs: nowMs };
      isSettled ||= nowMs - origin.originMonoMs > SETTLING_MS;
      const leaving = Math.floor(indexAt(origin, nowMs));
      if (leaving <= written) return { leaving, ranDry: false, isMoving: true };
      origin = { originMonoMs: nowMs - written / SAMPLES_PER_MS }; // it stood still until now
      return { leaving: written, ranDry: true, isMoving: true };
    },
    estimate: () => (isSettled ? origin : undefined),
  };
}
