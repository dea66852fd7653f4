import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlanContent } from '@loa/contract';
import { aConfig, aPlan, aPolicy } from '@loa/contract/testing';
import { Secret, systemClock } from '@loa/kernel';
import { memoryLogger } from '@loa/kernel/testing';
import { createAgent } from './compose.ts';
import type { AgentConfig } from './config.ts';
import { createControllerFake } from './controller.fake.ts';
import { tempFolder } from './temp-folder.ts';

/** Starts a fake controller on loopback. */
export async function startController() {
  const controller = createControllerFake({ nowMs: () => systemClock.now().epochMilliseconds });
  const { url, mqttUrl } = await controller.start();
  return Object.assign(controller, { url, mqttUrl });
}

/** Creates a real agent with a file sink and a simulated amplifier, in a folder of its own unless one is given. */
export function makeAgent(
  controllerUrl: string,
  { dataDir = tempFolder(), ...overrides }: Partial<AgentConfig> = {},
) {
  const log = memoryLogger();
  const recordings = join(dataDir, 'recordings');
  const agent = createAgent(
    {
      dataDir,
      controllerUrl,
      claim: { code: new Secret('abcd-efgh-jkmn-pqrs'), file: undefined },
      sink: { kind: 'file', folder: recordings, alsaDevice: 'default' },
      amplifier: 'fake',
      logLevel: 'debug',
      ...overrides,
    },
    { log },
  );
  return { agent, log, dataDir, recordings };
}

/** Returns a short real sound: an Ogg/Opus file. */
export function aTone(): Uint8Array {
  return readFileSync(new URL('./playout/tone.fixture.ogg', import.meta.url));
}

/** A configuration and a policy under which everything may sound at any hour. */
export const EASY_CONFIG = aConfig({ amplifier: { warmUpMs: 50 }, healthEveryS: 10 });
export const ALL_DAY = aPolicy({ windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' }] });

/** A plan of one sound that is said at each of `startsAtMs`. */
export function planAt(
  startsAtMs: readonly number[],
  sound: { readonly sha256: string; readonly bytes: number },
  { times = 1, plannedMs = 700 }: { readonly times?: number; readonly plannedMs?: number } = {},
): { readonly kind: 'inline'; readonly content: PlanContent } {
  const plan = aPlan({ count: startsAtMs.length });
  const nowMs = systemClock.now().epochMilliseconds;
  return {
    kind: 'inline',
    content: {
      ...plan,
      fromMs: nowMs - 3_600_000,
      untilMs: nowMs + 86_400_000,
      sounds: plan.sounds.map((first) => ({
        ...first,
        ...sound,
        sha256: sound.sha256 as typeof first.sha256,
      })),
      items: plan.items.map((item) => ({ ...item, repeat: { times, gapMs: 0 } })),
      occurrences: plan.occurrences.map((occurrence, index) => {
        const at = Math.round(startsAtMs[index] ?? 0);
        return {
          ...occurrence,
          id: `cum-thon-1~ser_0001~${at}` as typeof occurrence.id,
          startsAtMs: at,
          plannedMs,
        };
      }),
    },
  };
}
