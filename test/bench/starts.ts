import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError, sleepUntil, systemClock } from '@loa/kernel';
import { scheduleAt } from '../demo/broadcast.ts';
import { type Hamlet, settle } from '../demo/village.ts';
import { approvedAnnouncement } from '../support/announcement.ts';
import { startController } from '../support/controller-process.ts';
import { treeRssMb } from '../support/process-tree.ts';
import { proveByRecording } from '../support/proof.ts';
import { outcomeAt, readyAt } from '../support/today.ts';
import { type Bench, percentile } from './result.ts';

const STARTS = 50;
const SOUND_SECONDS = 1;
const EVERY_MS = 3_000;
const AHEAD_MS = 20_000;
const MEMORY_SAMPLES = 10;

/** Schedules one sound fifty times in two hamlets and measures on the recordings when each began. */
export const measureStarts: Bench = async ({ folder, say, give }) => {
  const controller = await startController(join(folder, 'controller'));
  const village = await settle(controller, { folder, hamlets: ['Thôn Đông', 'Thôn Tây'] });
  try {
    const sound = await approvedAnnouncement(village, { seconds: SOUND_SECONDS, seed: 50 });
    const firstMs = Math.ceil((systemClock.now().epochMilliseconds + AHEAD_MS) / 1000) * 1000;
    const instants = Array.from({ length: STARTS }, (_, index) => firstMs + index * EVERY_MS);
    say(`${STARTS} starts in two hamlets, ${EVERY_MS / 1000} s apart`);
    for (const instant of instants) await scheduleAt(village, sound, instant);
    const lastMs = firstMs + (STARTS - 1) * EVERY_MS;
    for (const { clusterId } of village.hamlets) await readyAt(village.author, clusterId, lastMs);

    const timerMs = await timerJitterMs();
    await sleepUntil(systemClock, Temporal.Instant.fromEpochMilliseconds(lastMs));
    for (const { clusterId } of village.hamlets) await outcomeAt(village.author, clusterId, lastMs);
    const agentMb: number[] = [];
    const controllerMb: number[] = [];
    for (let sample = 0; sample < MEMORY_SAMPLES; sample++) {
      agentMb.push(...village.hamlets.map(({ agent }) => treeRssMb(agent.pid)));
      controllerMb.push(treeRssMb(controller.pid));
      await systemClock.sleep(500);
    }
    say('listening to the recordings');
    const errors = await Promise.all(
      village.hamlets.map((hamlet) => startErrors(hamlet, sound.reference, instants)),
    );
    const [one = [], other = []] = errors;
    const absolute = errors.flat().map(Math.abs);
    const skew = one.map((error, index) => Math.abs(error - (other[index] ?? Number.NaN)));
    const floor = { peer: 'timer of this machine, p99 late', peerValue: timerMs };
    give({ case: 'start error p50', value: percentile(absolute, 0.5), unit: 'ms', target: 50, ...floor });
    give({ case: 'start error p99', value: percentile(absolute, 0.99), unit: 'ms', target: 50, ...floor });
    give({
      case: 'skew between agents p99',
      value: percentile(skew, 0.99),
      unit: 'ms',
      target: 20,
      ...floor,
    });
    give({ case: 'agent RSS', value: Math.max(...agentMb), unit: 'MB', target: 120 });
    give({ case: 'controller with broker RSS', value: Math.max(...controllerMb), unit: 'MB', target: 350 });
  } finally {
    await Promise.all(village.hamlets.map(({ agent }) => agent.stop()));
    await controller.stop();
  }
};

/** By how many milliseconds each start differed from its instant. Every sound must have been heard, once and whole. */
async function startErrors(
  { name, agent }: Hamlet,
  reference: Int16Array,
  instants: readonly number[],
): Promise<readonly number[]> {
  const errors: number[] = [];
  for (const instant of instants) {
    const around = { beforeMs: EVERY_MS / 3, afterMs: EVERY_MS / 3 };
    const { hearings } = await proveByRecording(agent.recordings, reference, instant, around);
    const [hearing] = hearings;
    if (hearings.length !== 1 || !hearing || hearing.coverage < 0.98)
      throw new AppError(
        `${name} did not play the sound of ${instant} once and whole: ${JSON.stringify(hearings)}`,
        {
          code: 'test/not-heard',
        },
      );
    errors.push(hearing.startedAtMs - instant);
  }
  return errors;
}

/** How late timers of this machine are while both agents wait for their next start: no schedule can be better kept. */
async function timerJitterMs(): Promise<number> {
  const lateMs: number[] = [];
  for (let count = 0; count < 200; count++) {
    const dueMs = systemClock.monotonicMs() + 10;
    await delay(10);
    lateMs.push(Math.abs(systemClock.monotonicMs() - dueMs));
  }
  return percentile(lateMs, 0.99);
}
