import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

/** Starts the program itself with this configuration alone; it ends with the test. */
async function program(env: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), 'loa-main-'));
  const child: ChildProcess = fork(MAIN, [], {
    execArgv: [],
    env: { LOA_DATA_DIR: join(folder, 'data'), LOA_HTTP_PORT: '0', LOA_BROKER_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let out = '';
  let complaints = '';
  child.stdout?.on('data', (chunk) => {
    out += String(chunk);
  });
  child.stderr?.on('data', (chunk) => {
    complaints += String(chunk);
  });
  // Not 'close': it never comes once the parent has disconnected.
  const drained = [child.stdout, child.stderr].map((stream) => stream && once(stream, 'close'));
  const exited = once(child, 'exit').then(async ([code]) => {
    await Promise.all(drained);
    return code as number | null;
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
    await rm(folder, { recursive: true, force: true });
  });
  return { child, exited, out: () => out, complaints: () => complaints };
}

describe('the controller’s program', () => {
  it('tells its parent and its operator where it is, and ends with 0 when it is told to stop', async () => {
    const { child, exited, out } = await program({});
    const [ready] = await once(child, 'message');
    expect(ready).toEqual({
      kind: 'ready',
      httpUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      brokerUrl: expect.stringMatching(/^mqtt:\/\/127\.0\.0\.1:\d+$/),
    });
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    expect(out().trim().split('\n')).toHaveLength(1);
    expect(out()).toContain(ready.httpUrl);
    expect(out()).toContain('/sign-in?token=');
  }, 30_000);

  it('ends when the program that started it is gone', async () => {
    const { child, exited } = await program({});
    await once(child, 'message');
    child.disconnect();
    expect(await exited).toBe(0);
  }, 30_000);

  it('names every bad key of its configuration and ends with 2', async () => {
    const { exited, complaints } = await program({
      LOA_HTTP_PORT: 'eighty',
      LOA_BROKER: 'mine',
      LOA_HTPP: '1',
    });
    expect(await exited).toBe(2);
    for (const key of ['LOA_HTTP_PORT', 'LOA_BROKER', 'LOA_HTPP', '[config/invalid]'])
      expect(complaints()).toContain(key);
    expect(complaints()).not.toContain('    at '); // no stack
  }, 30_000);

  it('reads a file that the environment overrides, and names one that it cannot read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'loa-config-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'config.env');
    await writeFile(file, '# a comment\nLOA_LOG_LEVEL=loud\n');
    const bad = await program({ LOA_CONFIG_FILE: file });
    expect(await bad.exited).toBe(2);
    expect(bad.complaints()).toContain(
      'LOA_LOG_LEVEL: wanted error, warn, info or debug (set in the configuration file)',
    );
    const missing = await program({ LOA_CONFIG_FILE: join(folder, 'nothing') });
    expect(await missing.exited).toBe(2);
    expect(missing.complaints()).toContain(join(folder, 'nothing'));
  }, 30_000);

  it('says in one line with a code why it cannot start, and ends with 1', async () => {
    const { exited, complaints } = await program({ LOA_DATA_DIR: '/dev/null/data' });
    expect(await exited).toBe(1);
    expect(complaints().trim().split('\n')).toHaveLength(1);
    expect(complaints()).toMatch(
      /^loa-controller: the data folder \/dev\/null\/data cannot be written .*\[controller\/data-dir\]\n$/,
    );
  }, 30_000);
});
