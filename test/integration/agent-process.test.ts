import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { ALL_DAY, aTone, EASY_CONFIG, planAt, startController } from '@loa/edge-agent/testing';
import { systemClock } from '@loa/kernel';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../../edge-agent/src/main.ts', import.meta.url));
const soon = { timeout: 40_000 };
const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** Starts the program as a supervisor would. */
function startProcess(env: Readonly<Record<string, string>>) {
  const child: ChildProcess = spawn(process.execPath, [MAIN], {
    env: { PATH: '', LOA_AGENT_SINK: 'file', ...env },
  });
  let output = '';
  child.stdout?.on('data', (bytes) => {
    output += bytes;
  });
  child.stderr?.on('data', (bytes) => {
    output += bytes;
  });
  const exited = once(child, 'exit');
  stops.push(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  return { child, exited, output: () => output };
}
function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'loa-process-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('the agent as a process', () => {
  it('killed in the middle of a sound, loses nothing, tells what is certain and does not play it again', async () => {
    const controller = await startController();
    stops.push(controller.stop);
    const sound = controller.serve(aTone());
    const env = {
      LOA_AGENT_DATA_DIR: aFolder(),
      LOA_AGENT_CONTROLLER_URL: controller.url,
      LOA_AGENT_CLAIM_CODE: 'abcd-efgh-jkmn-pqrs',
      LOA_AGENT_AMPLIFIER: 'fake',
    };
    const first = startProcess(env);
    await expect.poll(() => controller.hellos.length, soon).toBe(1);
    await controller.send({ kind: 'config', body: EASY_CONFIG });
    await controller.send({ kind: 'policy', body: ALL_DAY });
    const startsAtMs = systemClock.now().epochMilliseconds + 4_000;
    await controller.send({
      kind: 'plan',
      body: planAt([startsAtMs], sound, { times: 40, plannedMs: 25_000 }),
    });
    await expect.poll(first.output, soon).toContain('a broadcast started');
    first.child.kill('SIGKILL');
    await first.exited;
    const second = startProcess(env);
    const outcomes = () =>
      controller.events.flatMap((event) =>
        event.kind === 'outcome' ? [`${event.result} ${event.reason}`] : [],
      );
    await expect.poll(outcomes, soon).toEqual(['partial agent-stopped']);
    expect(controller.events.map(({ seq }) => seq)).toEqual(controller.events.map((_, index) => index + 1));
    second.child.kill('SIGTERM');
    expect((await second.exited)[0]).toBe(0);
    expect(second.output()).not.toContain('a broadcast started');
  });

  it.each([
    ['an unwritable data folder', 73, /the data folder .* cannot be used: .*Set LOA_AGENT_DATA_DIR/],
    ['no claim code', 77, /no identity yet: set LOA_AGENT_CLAIM_CODE/],
    ['a bad configuration', 78, /LOA_AGENT_CONTROLLER_URL: wanted http.*LOA_AGENT_SINK:/s],
  ])('with %s says one sentence and leaves with its own code', async (what, code, sentence) => {
    const file = join(aFolder(), 'file');
    writeFileSync(file, '');
    const { exited, output } = startProcess({
      LOA_AGENT_CONTROLLER_URL: what === 'a bad configuration' ? 'nowhere' : 'http://127.0.0.1:9',
      LOA_AGENT_DATA_DIR: what === 'an unwritable data folder' ? join(file, 'data') : aFolder(),
      ...(what === 'a bad configuration' ? { LOA_AGENT_SINK: 'radio' } : {}),
    });
    expect((await exited)[0]).toBe(code);
    expect(output()).toMatch(sentence);
    expect(output()).not.toMatch(/^\s+at /m);
  });
});
