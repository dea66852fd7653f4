import { type HealthSample, unpackHealth } from '@loa/contract';
import type { Clock } from '@loa/kernel';
import type { Answers } from '../orders/answer.service.ts';
import type { Box } from '../orders/box.store.ts';
import type { Pinger } from './pinger.ts';
import type { Presence } from './presence.service.ts';
import type { KeptSample, SampleStore } from './sample.store.ts';

/** Keeps health samples and acts on what they show. */
export interface Telemetry {
  /** Returns why a sample was refused, or `undefined`. */
  receive(box: Box, packed: Uint8Array): Promise<string | undefined>;
  latest(deviceId: string): KeptSample | undefined;
  /** Forgets raw samples older than 7 days; returns how many went. */
  prune(): number;
}

const KEEP_RAW_MS = 7 * 86_400_000;

/** Creates the telemetry of boxes. */
export function createTelemetry({
  samples,
  pinger,
  answers,
  presence,
  clock,
}: {
  readonly samples: SampleStore;
  readonly pinger: Pick<Pinger, 'echoed'>;
  readonly answers: Pick<Answers, 'health'>;
  readonly presence: Pick<Presence, 'heard'>;
  readonly clock: Clock;
}): Telemetry {
  const nowMs = () => clock.now().epochMilliseconds;
  return {
    async receive(box, packed) {
      const sample = readSample(packed);
      if (!sample) return 'bad-sample';
      samples.add(box.id, nowMs(), packed, pinger.echoed(box.id, sample.pingEcho));
      await presence.heard(box, sample.clock);
      await answers.health(box, sample);
      return undefined;
    },
    latest: (deviceId) => samples.latest(deviceId),
    prune: () => samples.prune(nowMs() - KEEP_RAW_MS),
  };
}

function readSample(packed: Uint8Array): HealthSample | undefined {
  try {
    return unpackHealth(packed);
  } catch {
    return undefined; // a box of another time, or noise: counted, not kept
  }
}
