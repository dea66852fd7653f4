import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Problem } from '@loa/contract';
import { memoryLogger } from '@loa/kernel/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createController } from './compose.ts';
import { readConfig } from './config.ts';
import { PERMISSIONS } from './http/access.ts';

/** A controller on free ports in a folder of its own, which ends with the test. */
async function aController(env: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'loa-controller-'));
  const log = memoryLogger();
  const config = readConfig({
    LOA_DATA_DIR: join(folder, 'data'),
    LOA_HTTP_PORT: '0',
    LOA_BROKER_PORT: '0',
    ...env,
  });
  const controller = createController(config, { log });
  onTestFinished(async () => {
    await controller.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return { controller, log, folder, dataDir: config.dataDir };
}

/** A port that somebody else listens on until the test ends. */
async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** Process ids of our children, as Linux counts them. */
const children = async () =>
  (await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8'))
    .trim()
    .split(' ')
    .filter(Boolean);

interface OpenApi {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Record<string, unknown>>>;
}

describe('a started controller', () => {
  it('says that it is ready, documents every route with its permission, and leaves nothing behind when it stops', async () => {
    const before = await children();
    const { controller, dataDir } = await aController();
    const { httpUrl, brokerUrl, firstSignInUrl } = await controller.start();
    expect(await controller.start()).toEqual({ httpUrl, brokerUrl, firstSignInUrl });
    expect(brokerUrl).toMatch(/^mqtt:\/\/127\.0\.0\.1:[1-9]\d*$/);
    expect((await fetch(`${httpUrl}/healthz`)).status).toBe(200);
    await expect.poll(async () => (await fetch(`${httpUrl}/readyz`)).status, { timeout: 10_000 }).toBe(200);
    expect(await (await fetch(`${httpUrl}/metrics`)).text()).toContain('process_resident_memory_bytes');
    expect(await readFile(join(dataDir, 'first-sign-in.txt'), 'utf8')).toBe(`${firstSignInUrl}\n`);

    const document = (await (await fetch(`${httpUrl}/api/v1/openapi.json`)).json()) as OpenApi;
    expect(document.openapi).toBe('3.1.0');
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ route: `${method} ${path}`, operation })),
    );
    expect(operations.length).toBeGreaterThan(20);
    const allowed: unknown[] = [...PERMISSIONS, 'open', 'box'];
    expect(operations.filter(({ operation }) => !allowed.includes(operation['x-loa-permission']))).toEqual(
      [],
    );
    const openRoutes = operations.filter(({ operation }) => operation['x-loa-permission'] === 'open');
    expect(openRoutes.map(({ route }) => route).sort()).toEqual([
      'get /api/v1/me', // answers 401 by itself
      'get /edge/v1/enrolments/{id}',
      'get /healthz',
      'get /metrics',
      'get /readyz',
      'get /sign-in',
      'post /api/v1/sign-out',
      'post /edge/v1/enrolments',
    ]);
    for (const { route, operation } of operations) {
      if (operation['x-loa-permission'] === 'open') continue;
      const [method = '', path = ''] = route.split(' ');
      const url = `${httpUrl}${path.replace(/\{[^}]+\}/g, 'a'.repeat(64))}`;
      expect((await fetch(url, { method: method.toUpperCase() })).status, route).toBe(401);
    }

    expect((await fetch(`${httpUrl}/edge/v1/media/${'a'.repeat(64)}`)).status).toBe(401); // not in the document

    expect(await controller.stop()).toEqual([]);
    expect(await controller.stop()).toEqual([]);
    expect(await children()).toEqual(before);
    await expect(fetch(`${httpUrl}/healthz`)).rejects.toThrow();
  });

  it('stops in the middle of its start, too', async () => {
    const before = await children();
    const { controller } = await aController();
    const start = controller.start();
    const outcome = start.then(
      () => 'started',
      (error: { code: string }) => error.code,
    );
    await expect
      .poll(async () => (await children()).length, { timeout: 10_000 })
      .toBeGreaterThan(before.length);
    expect(await controller.stop()).toEqual([]);
    expect(['started', 'kernel/start-cut-short']).toContain(await outcome); // by how far it had come
    expect(await children()).toEqual(before);
  });

  it('ends its event streams when it stops, so that no reader holds it up', async () => {
    const { controller } = await aController();
    const { httpUrl, firstSignInUrl } = await controller.start();
    const signedIn = await fetch(firstSignInUrl ?? '', { redirect: 'manual' });
    const cookie = signedIn.headers
      .getSetCookie()
      .map((text) => text.split(';')[0])
      .join('; ');
    const stream = await fetch(`${httpUrl}/api/v1/events`, { headers: { cookie } });
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    expect(await controller.stop()).toEqual([]);
    await stream.text(); // comes to its end
  });

  it('runs without ffmpeg, and says so where operators look', async () => {
    const { controller, log } = await aController({ LOA_FFMPEG: '/nowhere/ffmpeg' });
    const { httpUrl } = await controller.start();
    const ready = await fetch(`${httpUrl}/readyz`);
    expect(ready.status).toBe(503);
    expect(ready.headers.get('content-type')).toBe('application/problem+json');
    const { code, fields } = (await ready.json()) as Problem;
    expect(code).toBe('controller/not-ready');
    expect(fields).toContainEqual({ path: 'ffmpeg', message: expect.stringContaining('/nowhere/ffmpeg') });
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('keeps what it stored, and asks nobody for a first sign-in twice', async () => {
    const { controller, dataDir } = await aController();
    const first = await controller.start();
    await fetch(first.firstSignInUrl ?? '', { redirect: 'manual' });
    await controller.stop();
    const again = createController(
      readConfig({ LOA_DATA_DIR: dataDir, LOA_HTTP_PORT: '0', LOA_BROKER_PORT: '0' }),
      { log: memoryLogger() },
    );
    onTestFinished(async () => void (await again.stop()));
    expect((await again.start()).firstSignInUrl).toBeUndefined();
  });
});

describe('a controller that cannot start says why in one sentence', () => {
  it('when its HTTP port is taken', async () => {
    const port = await takenPort();
    const before = await children();
    const { controller } = await aController({ LOA_HTTP_PORT: String(port) });
    await expect(controller.start()).rejects.toMatchObject({
      code: 'controller/port-taken',
      message: `127.0.0.1:${port} is already in use: stop the other program or set LOA_HTTP_PORT to another port`,
    });
    expect(await children()).toEqual(before); // the broker that had started is gone
  });

  it('when its broker port is taken', async () => {
    const port = await takenPort();
    const { controller } = await aController({ LOA_BROKER_PORT: String(port) });
    await expect(controller.start()).rejects.toMatchObject({
      code: 'broker/port-taken',
      message: expect.stringContaining(String(port)),
    });
  });

  it('when its data folder cannot be written', async () => {
    const { controller, dataDir, folder } = await aController();
    await writeFile(dataDir, 'a file where the folder should be');
    await expect(controller.start()).rejects.toMatchObject({ code: 'controller/data-dir' });
    expect(await readFile(dataDir, 'utf8')).toBe('a file where the folder should be');
    await rm(dataDir);
    const inProc = createController(readConfig({ LOA_DATA_DIR: '/proc/loa/data' }), { log: memoryLogger() });
    await expect(inProc.start()).rejects.toThrow('the data folder /proc/loa/data cannot be written');
    expect(folder).not.toBe('');
  });

  it('when its database is damaged, which it leaves as it is', async () => {
    const { controller, dataDir } = await aController();
    await controller.start();
    await controller.stop();
    await writeFile(join(dataDir, 'loa.db'), 'not a database');
    const again = createController(readConfig({ LOA_DATA_DIR: dataDir }), { log: memoryLogger() });
    await expect(again.start()).rejects.toMatchObject({ code: 'controller/database' });
    expect(await readFile(join(dataDir, 'loa.db'), 'utf8')).toBe('not a database');
  });
});
