import type { Clock, Part } from '@loa/kernel';
import type { ClockState } from '@loa/schedules';
import { createListeners } from '../listeners.ts';

/** What the box believes the time is, and how sure it is. */
export interface TimeReading {
  /** UTC milliseconds, fractions included. */
  readonly nowMs: number;
  readonly state: ClockState;
  readonly uncertaintyMs: number;
}

/** A signed answer to a fresh nonce: only such an answer may move the clock backwards or far ahead. */
export interface SignedTime {
  readonly theirMs: number;
  readonly sentMonotonicMs: number;
  readonly gotMonotonicMs: number;
  /** When the order key that signed it may sign at all; the answer moves the clock nowhere else. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/** The state changed, or the time stepped by `stepMs` (0: it did not). */
export interface ClockChange {
  readonly from: ClockState;
  readonly to: ClockState;
  readonly stepMs: number;
  readonly uncertaintyMs: number;
}

/** What is remembered over a restart, as text under one key. */
export interface ClockMemory {
  recall(key: string): string | undefined;
  remember(key: string, value: string): void;
}

/** The box's own idea of time: monotonic time plus an offset, with an uncertainty (DESIGN §9). */
export interface Timekeeper extends Part {
  /** The disciplined clock, for every part that needs the time of day. */
  readonly clock: Clock;
  read(): TimeReading;
  /** Takes a signed time. Returns false when it may not be believed. */
  offer(answer: SignedTime): boolean;
  onChange(listener: (change: ClockChange) => void): () => void;
}

/** At most this far off the clock is trusted, and steps below it are followed as slewing. */
export const TRUSTED_MS = 500;
/** At most this far off it still plays, flagged. */
export const HOLDOVER_MS = 120_000;
/** Cheap crystals over Vietnamese temperatures; promise P6 allows 40 ppm. */
const DRIFT = 40e-6;
/** An RTC keeps whole seconds and is read once at boot. */
const RTC_READ_MS = 1_000;
const TICK_MS = 10_000;
/** A slower answer says too little about the time. */
const SLOWEST_ANSWER_MS = 20_000;
const KEY = 'clock';

/** Creates the timekeeper. Until `start` it follows the machine's clock and trusts nothing. */
export function createTimekeeper({
  clock: machine,
  memory,
  bootId,
  hasRtc,
}: {
  readonly clock: Clock;
  readonly memory: ClockMemory;
  readonly bootId: string;
  /** Whether this machine keeps time without power. */
  readonly hasRtc: boolean;
}): Timekeeper {
  const changes = createListeners<ClockChange>();
  const wallMs = () => Number(machine.now().epochNanoseconds) / 1e6;
  let anchorMs = wallMs();
  let anchorMonotonicMs = machine.monotonicMs();
  /** Ours minus the machine's. */
  let offsetMs = 0;
  let sure: { readonly uncertaintyMs: number; readonly atMonotonicMs: number } | undefined;
  let floorMs = 0;
  let life: AbortController | undefined;
  let shown: ClockState = 'untrusted';

  const nowMs = () => anchorMs + (machine.monotonicMs() - anchorMonotonicMs);
  const setNow = (ms: number) => {
    anchorMs = ms;
    anchorMonotonicMs = machine.monotonicMs();
  };
  const read = (): TimeReading => {
    const uncertaintyMs = sure
      ? sure.uncertaintyMs + (machine.monotonicMs() - sure.atMonotonicMs) * DRIFT
      : Number.MAX_SAFE_INTEGER;
    const state =
      uncertaintyMs <= TRUSTED_MS ? 'trusted' : uncertaintyMs <= HOLDOVER_MS ? 'holdover' : 'untrusted';
    return { nowMs: nowMs(), state, uncertaintyMs };
  };
  const tell = (stepMs: number) => {
    const { state, uncertaintyMs } = read();
    if (state === shown && stepMs === 0) return;
    const from = shown;
    shown = state;
    changes.emit({ from, to: state, stepMs, uncertaintyMs });
  };
  const remember = (uncertaintyMs: number) =>
    memory.remember(KEY, JSON.stringify({ atMs: nowMs(), offsetMs, uncertaintyMs, floorMs, bootId }));

  /** Follows small corrections of the machine's clock; keeps its own time when that one jumps. */
  const tick = () => {
    const driftMs = wallMs() + offsetMs - nowMs();
    if (Math.abs(driftMs) <= TRUSTED_MS) {
      setNow(nowMs() + driftMs);
      return tell(0);
    }
    if (sure) offsetMs -= driftMs;
    else setNow(Math.max(floorMs, wallMs()));
    tell(driftMs);
  };

  return {
    name: 'clock',
    clock: {
      now: () => Temporal.Instant.fromEpochNanoseconds(BigInt(Math.round(nowMs() * 1e6))),
      monotonicMs: () => machine.monotonicMs(),
      sleep: (ms, options) => machine.sleep(ms, options),
    },
    read,
    onChange: changes.on,
    start() {
      if (life) return;
      life = new AbortController();
      const { signal } = life;
      const last = parseMemory(memory.recall(KEY));
      const believable = last && wallMs() + last.offsetMs >= last.floorMs;
      floorMs = last?.floorMs ?? 0;
      setNow(Math.max(floorMs, wallMs()));
      if (last && believable && (last.bootId === bootId || hasRtc)) {
        const isSameBoot = last.bootId === bootId;
        // After a reboot the machine's clock came from the RTC, which never knew our correction.
        offsetMs = isSameBoot ? last.offsetMs : 0;
        setNow(wallMs() + offsetMs);
        const passedMs = Math.max(0, nowMs() - last.atMs);
        sure = {
          uncertaintyMs:
            last.uncertaintyMs + passedMs * DRIFT + (isSameBoot ? 0 : RTC_READ_MS + Math.abs(last.offsetMs)),
          atMonotonicMs: machine.monotonicMs(),
        };
      }
      tell(0);
      void (async () => {
        for (;;) {
          await machine.sleep(TICK_MS, { signal });
          tick();
        }
      })().catch(() => {}); // stopped
    },
    stop() {
      life?.abort();
      life = undefined;
    },
    offer({ theirMs, sentMonotonicMs, gotMonotonicMs, notBeforeMs, notAfterMs }) {
      const roundTripMs = gotMonotonicMs - sentMonotonicMs;
      if (roundTripMs < 0 || roundTripMs > SLOWEST_ANSWER_MS) return false;
      if (theirMs < notBeforeMs || theirMs > notAfterMs || theirMs < floorMs) return false;
      const halfMs = roundTripMs / 2;
      const stepMs = theirMs + halfMs + (machine.monotonicMs() - gotMonotonicMs) - nowMs();
      const isClose = Math.abs(stepMs) <= TRUSTED_MS;
      const uncertaintyMs = halfMs + (isClose ? Math.abs(stepMs) : 0);
      floorMs = theirMs;
      const isBetter =
        uncertaintyMs <= read().uncertaintyMs || Math.abs(stepMs) > read().uncertaintyMs + halfMs;
      if (!isBetter) return true;
      if (!isClose) {
        offsetMs += stepMs;
        setNow(nowMs() + stepMs);
      }
      sure = { uncertaintyMs, atMonotonicMs: machine.monotonicMs() };
      remember(uncertaintyMs);
      tell(isClose ? 0 : stepMs);
      return true;
    },
  };
}

interface RememberedClock {
  readonly atMs: number;
  readonly offsetMs: number;
  readonly uncertaintyMs: number;
  readonly floorMs: number;
  readonly bootId: string;
}

function parseMemory(text: string | undefined): RememberedClock | undefined {
  if (text === undefined) return undefined;
  const value: Partial<RememberedClock> = JSON.parse(text);
  const { atMs, offsetMs, uncertaintyMs, floorMs, bootId } = value;
  return atMs !== undefined &&
    offsetMs !== undefined &&
    uncertaintyMs !== undefined &&
    floorMs !== undefined &&
    bootId !== undefined
    ? { atMs, offsetMs, uncertaintyMs, floorMs, bootId }
    : undefined;
}
