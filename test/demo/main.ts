import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { AppError, systemClock } from '@loa/kernel';
import { type ControllerProcess, startController } from '../support/controller-process.ts';
import { approveExplainer, schedule, writeExplainer } from './broadcast.ts';
import { buildConsole } from './console.ts';
import { proveAll, type Verdict } from './prove.ts';
import { createScreen, type Screen } from './screen.ts';
import { settle, type Village } from './village.ts';

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
  let controller: ControllerProcess | undefined;
  let village: Village | undefined;
  try {
    const running = play(screen, folder, values, {
      onController: (started) => {
        controller = started;
      },
      onVillage: (settled) => {
        village = settled;
      },
    });
    const done = await Promise.race([running, asked]);
    if (done === 'asked') return 1;
    const { verdict, explainer } = done;
    const seconds = Math.round((systemClock.monotonicMs() - beganMs) / 100) / 10;
    if (!values.once) {
      await invite(screen, done.controller, done.village);
      await asked;
      screen.say('… stopping');
    }
    const summary: Summary = {
      ...verdict,
      loudnessLufs: explainer.loudnessLufs,
      truePeakDbtp: explainer.truePeakDbtp,
      seconds,
    };
    if (values.once) screen.say(JSON.stringify(summary));
    return verdict.ok ? 0 : 1;
  } catch (error) {
    for (const { name, agent } of village?.hamlets ?? [])
      process.stderr.write(`--- ${name}\n${agent.tail()}\n`);
    if (controller) process.stderr.write(`--- controller\n${controller.tail()}\n`);
    process.stderr.write(
      `loa demo: ${error instanceof AppError ? `${error.message} [${error.code}]` : String(error)}\n`,
    );
    if (values.once)
      screen.say(
        JSON.stringify({
          ok: false,
          clusters: 0,
          proven: 0,
          startErrorMsMax: null,
          skewMsMax: null,
          loudnessLufs: null,
          truePeakDbtp: null,
          seconds: Math.round((systemClock.monotonicMs() - beganMs) / 1000),
        } satisfies Summary),
      );
    return 1;
  } finally {
    await Promise.all((village?.hamlets ?? []).map(({ agent }) => agent.stop()));
    await controller?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The main job, end to end. */
async function play(
  screen: Screen,
  folder: string,
  { once, port }: { readonly once: boolean; readonly port: string },
  {
    onController,
    onVillage,
  }: {
    readonly onController: (controller: ControllerProcess) => void;
    readonly onVillage: (village: Village) => void;
  },
) {
  const consoleBuilt = once ? Promise.resolve() : buildConsole();
  const controller = await screen.step('Controller, broker and database start', () =>
    startController(join(folder, 'controller'), { LOA_HTTP_PORT: port }),
  );
  onController(controller);
  const village = await screen.step('Three boxes join the hamlets of xã Vĩnh Quang', () =>
    settle(controller, { folder }),
  );
  onVillage(village);
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
  if (existsSync('/proc/asound/cards'))
    screen.say('  (recordings are in the temporary folder until the demo ends)');
  screen.say('Press Ctrl+C to end the demo.');
}

process.exitCode = await main();
process.exit();
