import { digestOfStates, HEALTH_FAULTS, type HealthSample, packHealth } from '@loa/contract';
import { type Clock, type Logger, MAX_SLEEP_MS, type Part } from '@loa/kernel';
import type { TimeReading } from '../clock/timekeeper.ts';
import type { Journal } from '../journal/journal.ts';
import type { Publish } from '../link/link.ts';
import type { StateStore } from '../orders/state-store.ts';
import type { MachineHealth } from './machine-health.ts';

type Fault = (typeof HEALTH_FAULTS)[number];

/** What the parts of the agent say of themselves for a sample. */
export interface PartsHealth
  extends Pick<
    HealthSample,
    | 'playing'
    | 'held'
    | 'sinkReady'
    | 'amplifierOn'
    | 'readinessPercent'
    | 'gainDb'
    | 'todayKib'
    | 'refusedCount'
  > {
  readonly faults: readonly Fault[];
}

/** Sends a packed sample now and then; the newest ping is echoed in it, which proves the very path. */
export interface HealthSampler extends Part {
  /** Takes the nonce of an authentic ping and sends a sample at once. */
  ping(nonce: Uint8Array): void;
  /** Sends a sample at once: the line has come back. */
  soon(): void;
}

/** Pings do not make a box send more than this: the next sample carries the echo too. */
const LEAST_GAP_MS = 1_000;
const LOW_STORAGE_PERCENT = 5;

/** Creates the sampler. */
export function createHealthSampler({
  publish,
  everyS,
  parts,
  machine,
  states,
  journal,
  time,
  clock,
  log,
}: {
  readonly publish: Publish;
  readonly everyS: () => number;
  readonly parts: () => PartsHealth;
  readonly machine: () => Promise<MachineHealth>;
  readonly states: StateStore;
  readonly journal: Journal;
  readonly time: { read(): TimeReading };
  readonly clock: Clock;
  readonly log: Logger;
}): HealthSampler {
  let pingEcho: Uint8Array = new Uint8Array(8);
  let life: AbortController | undefined;
  let startedMs = 0;
  let droppedTelemetry = 0;
  let sentMs = Number.NEGATIVE_INFINITY;
  let wake = Promise.withResolvers<void>();

  const sample = async (): Promise<Uint8Array> => {
    const { faults, ...known } = parts();
    const { cpuTemperatureC, freeStoragePercent } = await machine();
    const revisions = states.revisions();
    const { state, uncertaintyMs } = time.read();
    const all = new Set<Fault>(faults);
    if (state === 'untrusted') all.add('clock');
    if (known.readinessPercent < 100) all.add('media-missing');
    if (freeStoragePercent !== null && freeStoragePercent < LOW_STORAGE_PERCENT) all.add('storage-low');
    return packHealth({
      ...known,
      uptimeS: Math.floor((clock.monotonicMs() - startedMs) / 1000),
      planEpoch: revisions.plan?.epoch ?? 0,
      planRev: revisions.plan?.rev ?? 0,
      statesDigest: digestOfStates(revisions),
      journalHead: journal.head(),
      clock: state,
      uncertaintyMs,
      pingEcho,
      faults: HEALTH_FAULTS.reduce((bits, fault, bit) => bits | (all.has(fault) ? 1 << bit : 0), 0),
      cpuTemperatureC,
      freeStoragePercent,
      storageWearPercent: null,
      batteryV: null,
      supply: 'unknown',
      signalDbm: null,
      lossPercent: null,
      roundTripMs: null,
      lineOhm: null,
      amplifierTemperatureC: null,
      droppedTelemetry,
    });
  };

  const run = async (signal: AbortSignal) => {
    for (;;) {
      const dueMs = sentMs + everyS() * 1000;
      const leftMs = dueMs - clock.monotonicMs();
      if (leftMs > 0) {
        wake = Promise.withResolvers<void>();
        const rest = new AbortController();
        const sleep = clock.sleep(Math.min(leftMs, MAX_SLEEP_MS), {
          signal: AbortSignal.any([signal, rest.signal]),
        });
        await Promise.race([wake.promise, sleep]);
        rest.abort();
        await sleep.catch(() => {}); // woken by a ping
        signal.throwIfAborted();
        continue;
      }
      sentMs = clock.monotonicMs();
      await sample()
        .then((bytes) => publish('health', bytes, { signal }))
        .catch((error: unknown) => {
          log.debug({ err: error }, 'a health sample could not be sent');
          droppedTelemetry += 1;
        });
    }
  };

  const soon = () => {
    const readyMs = sentMs + LEAST_GAP_MS;
    sentMs = Math.min(sentMs, Math.max(clock.monotonicMs(), readyMs) - everyS() * 1000);
    wake.resolve();
  };

  return {
    name: 'health',
    start() {
      if (life) return;
      life = new AbortController();
      startedMs = clock.monotonicMs();
      void run(life.signal).catch(() => {}); // stopped
    },
    stop() {
      life?.abort();
      life = undefined;
    },
    ping(nonce) {
      pingEcho = nonce;
      soon();
    },
    soon,
  };
}
