import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sleepUntil, systemClock } from '@loa/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Explainer, schedule } from '../demo/broadcast.ts';
import { type Hamlet, settle, type Village } from '../demo/village.ts';
import { startAgent } from '../support/agent-process.ts';
import { approvedAnnouncement } from '../support/announcement.ts';
import type { Child } from '../support/child.ts';
import { type ControllerProcess, startController } from '../support/controller-process.ts';
import { body } from '../support/person.ts';
import { descendantRunning, isRunning } from '../support/process-tree.ts';
import { proveByRecording } from '../support/proof.ts';
import { occurrenceAt, outcomeAt, readyAt } from '../support/today.ts';
import { waitFor } from '../support/wait-for.ts';

const AHEAD_MS = 5_000;
const ONCE_AND_WHOLE = { matched: true, hearings: [{ coverage: 1 }] };

let folder: string;
let controller: ControllerProcess;
let village: Village;
let east: Hamlet;
let west: Hamlet;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-e2e-'));
  controller = await startController(join(folder, 'controller'));
  village = await settle(controller, { folder, hamlets: ['Thôn Đông', 'Thôn Tây'] });
  [east, west] = village.hamlets as [Hamlet, Hamlet];
});

afterAll(async () => {
  await Promise.all([east, west].map((hamlet) => hamlet?.agent.stop()));
  await controller?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Schedules an announcement a few seconds ahead, and waits until both boxes hold all they need for it. */
async function plannedEverywhere(announcement: Explainer): Promise<number> {
  const plannedAtMs = await schedule(village, announcement, AHEAD_MS);
  await Promise.all([east, west].map(({ clusterId }) => readyAt(village.author, clusterId, plannedAtMs)));
  return plannedAtMs;
}

const ended = ({ line }: Pick<Child, 'line'>, plannedAtMs: number) =>
  line((text) =>
    text.includes(`~${plannedAtMs}"`) && text.includes('a broadcast ended') ? true : undefined,
  );

const proofOf = ({ agent }: Hamlet, { reference }: Explainer, plannedAtMs: number) =>
  proveByRecording(agent.recordings, reference, plannedAtMs);

function brokerPid(): number {
  const pid = descendantRunning(controller.pid, 'broker-child');
  if (pid === undefined) throw new TypeError('the controller has no broker process');
  return pid;
}

describe('P6 a planned sound needs nobody', () => {
  it('it sounds though the controller and its broker are dead, and is told of when they are back', async () => {
    const announcement = await approvedAnnouncement(village, { seconds: 3, seed: 11 });
    const plannedAtMs = await plannedEverywhere(announcement);
    const broker = brokerPid();
    const { httpUrl, brokerUrl } = controller;
    await controller.kill();
    expect(systemClock.now().epochMilliseconds).toBeLessThan(plannedAtMs);
    await waitFor('the broker to end with its controller', async () => !isRunning(broker) || undefined);
    await Promise.all([east, west].map(({ agent }) => ended(agent, plannedAtMs)));

    controller = await startController(join(folder, 'controller'), {
      LOA_HTTP_PORT: new URL(httpUrl).port,
      LOA_BROKER_PORT: new URL(brokerUrl).port,
    });
    for (const hamlet of [east, west]) {
      const outcome = await outcomeAt(village.author, hamlet.clusterId, plannedAtMs);
      expect(outcome).toMatchObject({ result: 'played', reason: 'complete', evidence: 'sink' });
      expect(await proofOf(hamlet, announcement, plannedAtMs)).toMatchObject(ONCE_AND_WHOLE);
    }
  });

  it('it sounds though the broker is killed, and is told of through the next one', async () => {
    const announcement = await approvedAnnouncement(village, { seconds: 3, seed: 12 });
    const plannedAtMs = await plannedEverywhere(announcement);
    const first = brokerPid();
    process.kill(first, 'SIGKILL');
    for (const hamlet of [east, west]) {
      expect(await outcomeAt(village.author, hamlet.clusterId, plannedAtMs)).toMatchObject({
        result: 'played',
      });
      expect(await proofOf(hamlet, announcement, plannedAtMs)).toMatchObject(ONCE_AND_WHOLE);
    }
    expect(brokerPid()).not.toBe(first);
  });
});

describe('P4 nothing plays twice', () => {
  it('a box that dies in the middle of a sound tells that it was partial, and does not begin again', async () => {
    const announcement = await approvedAnnouncement(village, { seconds: 8, seed: 13 });
    const plannedAtMs = await plannedEverywhere(announcement);
    await sleepUntil(systemClock, Temporal.Instant.fromEpochMilliseconds(plannedAtMs + 3_000));
    const { dataDir } = east.agent;
    await east.agent.kill();
    east = { ...east, agent: startAgent(dataDir, { controllerUrl: controller.httpUrl }) };

    expect(await outcomeAt(village.author, east.clusterId, plannedAtMs)).toMatchObject({
      result: 'partial',
      reason: 'agent-stopped',
    });
    expect(await outcomeAt(village.author, west.clusterId, plannedAtMs)).toMatchObject({ result: 'played' });
    await sleepUntil(systemClock, Temporal.Instant.fromEpochMilliseconds(plannedAtMs + 9_000));
    const { hearings } = await proofOf(east, announcement, plannedAtMs);
    expect(hearings).toHaveLength(1);
    expect(hearings[0]?.coverage).toBeGreaterThan(0.2);
    expect(hearings[0]?.coverage).toBeLessThan(0.6);
    expect(await proofOf(west, announcement, plannedAtMs)).toMatchObject(ONCE_AND_WHOLE);
  });
});

describe('P1 a sound that is not the approved one', () => {
  it('is not played and is told of; the right one is fetched as soon as it is there, and plays late', async () => {
    const announcement = await approvedAnnouncement(village, { seconds: 3, seed: 14 });
    const file = join(folder, 'controller', 'sounds', `${announcement.sounds[0]}.ogg`);
    const good = await readFile(file);
    await writeFile(file, withOneBitFlipped(good));
    const plannedAtMs = await schedule(village, announcement, 3_000);

    const { api } = village.author;
    const id = await waitFor('the plan', async () =>
      occurrenceAt(village.author, east.clusterId, plannedAtMs).then((occurrence) => occurrence?.id),
    );
    const readiness = async () => {
      const answer = await body(api.occurrences[':id'].$get({ param: { id } }));
      return answer.readiness;
    };
    await expect
      .poll(readiness, { timeout: 30_000 })
      .toMatchObject({ soundsWanted: 1, soundsHeld: 0, fault: 'media/hash-differs' });
    await sleepUntil(systemClock, Temporal.Instant.fromEpochMilliseconds(plannedAtMs + 2_000));
    expect((await proofOf(east, announcement, plannedAtMs)).hearings).toEqual([]);

    await writeFile(file, good);
    const { result, startedAtMs } = await outcomeAt(village.author, east.clusterId, plannedAtMs);
    expect(result).toBe('played');
    expect(startedAtMs).toBeGreaterThan(plannedAtMs + 2_000);
    expect(await proofOf(east, announcement, startedAtMs ?? 0)).toMatchObject(ONCE_AND_WHOLE);
  });
});

function withOneBitFlipped(bytes: Uint8Array): Uint8Array {
  const middle = bytes.length >> 1;
  return bytes.with(middle, (bytes[middle] ?? 0) ^ 1);
}
