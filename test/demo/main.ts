import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { AppError, systemClock } from '@loa/kernel';
import type { Child } from '../support/child.ts';
import { type ControllerProcess, startController } from '../support/controller-process.ts';
import { approveExplainer, schedule, writeExplainer } from './broadcast.ts';
import { buildConsole } from './console.ts';
import { proveAll, type Verdict } from './prove.ts';
import { createScreen, type Screen } from './screen.ts';
import { hasSoundCard, THIS_MACHINE } from './sound-card.ts';
import { HAMLETS, settle, type Village } from './village.ts';

const AHEAD_MS = 6_000;

/** What the last line of `npm run demo -- --once` says. */
interface Summary {
  readonly ok: boolean;
  readonly clusters: number;
  readonly proven: number;
  readonly startErrorMsMax: number | null;
  readonly skewMsMax: number | null;
  readonly loudnessLufs: number | null;
  readonly truePeakDbtp: number | null;
  readonly seconds: number;
}

const NOTHING = {
  ok: false,
  clusters: 0,
  proven: 0,
  startErrorMsMax: null,
  skewMsMax: null,
  loudnessLufs: null,
  truePeakDbtp: null,
} as const;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { once: { type: 'boolean', default: false }, port: { type: 'string', default: '0' } },
  });
  const screen = createScreen(process.stdout, systemClock);
  const beganMs = systemClock.monotonicMs();
  const folder = await mkdtemp(join(tmpdir(), 'loa-demo-'));
  const asked = new Promise<'asked'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve('asked'));
  });
  const ending = new AsyncDisposableStack();
  ending.defer(() => rm(folder, { recursive: true, force: true }));
  const tails: Array<() => string> = [];
  const started = (name: string, child: Child) => {
    ending.defer(async () => void (await child.stop()));
    tails.push(() => `--- ${name}\n${child.tail()}`);
  };
  const secondsSince = () => Math.round((systemClock.monotonicMs() - beganMs) / 100) / 10;
  try {
    const done = await Promise.race([play(screen, folder, values, started), asked]);
    if (done === 'asked') return 1;
    const seconds = secondsSince();
    if (!values.once) {
      await invite(screen, done.controller, done.village);
      await asked;
      screen.say('… stopping');
      return done.verdict.ok ? 0 : 1;
    }
    const { loudnessLufs, truePeakDbtp } = done.explainer;
    screen.say(JSON.stringify({ ...done.verdict, loudnessLufs, truePeakDbtp, seconds } satisfies Summary));
    return done.verdict.ok ? 0 : 1;
  } catch (error) {
    for (const tail of tails) process.stderr.write(`${tail()}\n`);
    const why = error instanceof AppError ? `${error.message} [${error.code}]` : String(error);
    process.stderr.write(`loa demo: ${why}\n`);
    if (values.once) screen.say(JSON.stringify({ ...NOTHING, seconds: secondsSince() } satisfies Summary));
    return 1;
  } finally {
    await ending.disposeAsync();
  }
}

/** The main job, end to end. */
async function play(
  screen: Screen,
  folder: string,
  { once, port }: { readonly once: boolean; readonly port: string },
  started: (name: string, child: Child) => void,
) {
  const consoleBuilt = once ? Promise.resolve() : buildConsole();
  consoleBuilt.catch(() => {}); // told below, when it is waited for
  const controller = await screen.step('Controller, broker and database start', () =>
    startController(join(folder, 'controller'), { LOA_HTTP_PORT: port }),
  );
  started('controller', controller);
  const village = await screen.step('Three boxes join the hamlets of xã Vĩnh Quang', () =>
    settle(controller, {
      folder,
      hamlets: [...HAMLETS, ...(hasSoundCard() ? [THIS_MACHINE] : [])],
      agentEnv: (name) => (name === THIS_MACHINE ? { LOA_AGENT_SINK: 'alsa' } : {}),
      onAgent: started,
    }),
  );
  const bulletin = await screen.step('The procedure record becomes a script, the script a sound', () =>
    writeExplainer(village),
  );
  const explainer = await screen.step('A second person hears and approves it', () =>
    approveExplainer(village, bulletin),
  );
  screen.say(`  “${explainer.spokenText}”`);
  screen.say(
    `  ${(explainer.durationMs / 1000).toFixed(1)} s, ${explainer.loudnessLufs.toFixed(1)} LUFS, true peak ${explainer.truePeakDbtp.toFixed(1)} dBTP`,
  );
  const plannedAtMs = await schedule(village, explainer, AHEAD_MS);
  const verdict: Verdict = await screen.step('The hamlets play it and report', () =>
    proveAll(screen, village, explainer, plannedAtMs),
  );
  await consoleBuilt;
  return { controller, village, verdict, explainer };
}

async function invite(screen: Screen, controller: ControllerProcess, village: Village): Promise<void> {
  screen.say(`\nThe console: ${controller.httpUrl}/`);
  for (const { name, url } of await village.signInLinks()) screen.say(`  ${name} signs in once with: ${url}`);
  screen.say('Press Ctrl+C to end the demo.');
}

process.exitCode = await main();
process.exit();
