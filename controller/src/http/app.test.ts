import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRoute, z } from '@hono/zod-openapi';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HttpEnv } from './access.ts';
import { open } from './access.ts';
import { siteInMemory } from './app-fixture.ts';
import { createConsole } from './console.ts';
import { json } from './json-body.ts';
import { createMetrics } from './metrics.ts';
import { featureApp } from './problem.ts';
import { createSystemRoutes } from './system.routes.ts';

const echo = () =>
  featureApp()
    .openapi(
      createRoute({
        ...open(),
        method: 'post',
        path: '/echo',
        request: { body: { required: true, ...json('', z.object({ text: z.string() })) } },
        responses: { 200: json('', z.object({ bytes: z.int() })) },
      }),
      (c) => c.json({ bytes: c.req.valid('json').text.length }, 200),
    )
    .get('/boom', () => {
      throw new Error('a secret detail');
    });

describe('the application', () => {
  it('refuses a body above 1 MiB, declared or not, and passes a larger one only where it is awaited', async () => {
    const { serve } = await siteInMemory();
    const { nobody } = serve({ api: echo() });
    const big = { text: 'x'.repeat(1024 * 1024) };
    expect(await nobody('POST', '/api/v1/echo', big)).toMatchObject({
      status: 413,
      body: { code: 'request/too-large' },
    });
    expect((await nobody('POST', '/api/v1/echo', { text: 'xin chào' })).body).toEqual({ bytes: 8 });
    expect((await nobody('PUT', '/edge/v1/originals/x', big)).status).toBe(404); // past the bound, to no route here
  });

  it('answers what it did not expect with its request id, and keeps the detail in the log', async () => {
    const { serve, log } = await siteInMemory();
    const { nobody } = serve({ api: echo() });
    const { status, body, headers } = await nobody('GET', '/api/v1/boom');
    expect([status, body.code]).toEqual([500, 'controller/unexpected']);
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(log.lines).toMatchObject([
      { level: 'error', fields: { requestId: headers.get('x-request-id'), path: '/api/v1/boom' } },
    ]);
  });

  it('answers malformed JSON, a missing field and an unknown path with problem documents (P12)', async () => {
    const { serve } = await siteInMemory();
    const { app, nobody } = serve({ api: echo() });
    const broken = await app.request('http://loa.test/api/v1/echo', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"text":',
    });
    expect([broken.status, broken.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    const missing = await nobody('POST', '/api/v1/echo', {});
    expect(missing).toMatchObject({ status: 422, body: { fields: [{ path: 'text' }] } });
    expect((await nobody('GET', '/api/v1/none')).body.code).toBe('request/not-found');
  });

  it('tells browsers to run nothing else and to be framed by nobody', async () => {
    const { serve } = await siteInMemory();
    const { headers } = await serve({}).nobody('GET', '/');
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('same-origin');
  });

  it('is ready only when every check is, and names each that is not', async () => {
    const { serve } = await siteInMemory();
    let broker: string | undefined = 'there is no connection to the broker';
    const checks = [
      { name: 'broker', run: () => broker },
      { name: 'database', run: () => undefined },
      {
        name: 'ffmpeg',
        run: () => {
          if (broker) throw new Error('no usable ffmpeg');
          return undefined;
        },
      },
    ];
    const { nobody } = serve({ pages: [createSystemRoutes({ checks, metrics: createMetrics() })] });
    const { status, body } = await nobody('GET', '/readyz');
    expect([status, body.code]).toEqual([503, 'controller/not-ready']);
    expect(body.fields).toEqual([
      { path: 'broker', message: 'there is no connection to the broker' },
      { path: 'ffmpeg', message: 'no usable ffmpeg' },
    ]);
    broker = undefined;
    expect((await nobody('GET', '/readyz')).body).toEqual({ status: 'ok' });
  });
});

describe('the console’s files', () => {
  async function built() {
    const dist = await mkdtemp(join(tmpdir(), 'loa-dist-'));
    onTestFinished(() => rm(dist, { recursive: true }));
    await mkdir(join(dist, 'assets'));
    await writeFile(join(dist, 'index.html'), '<title>Loa</title>');
    await writeFile(join(dist, 'assets', 'app-1a2b.js'), 'run()');
    await writeFile(join(dist, '..', 'loa-outside.txt'), 'outside');
    onTestFinished(() => rm(join(dist, '..', 'loa-outside.txt'), { force: true }));
    // Behind another middleware, as in the application: what follows then answers on the context.
    const app = new Hono<HttpEnv>().use((_, next) => next()).route('/', createConsole(dist));
    return (path: string) => app.request(`http://loa.test${path}`);
  }

  it('named by their content stay in caches for a year, the page in none', async () => {
    const get = await built();
    const script = await get('/assets/app-1a2b.js');
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(script.headers.get('content-type')).toContain('javascript');
    for (const path of ['/', '/index.html', '/bulletins/bul_1']) {
      const page = await get(path);
      expect([await page.text(), page.headers.get('cache-control')]).toEqual([
        '<title>Loa</title>',
        'no-store',
      ]);
    }
  });

  it('are those of their folder only, and no page answers for a missing file or a missing API', async () => {
    const get = await built();
    for (const path of [
      '/../loa-outside.txt',
      '/%2e%2e/loa-outside.txt',
      '/..%2floa-outside.txt',
      '/assets/none.js',
      '/api/v1/none',
      '/edge/v1/none',
    ])
      expect((await get(path)).status, path).toBe(404);
  });

  it('that are not built yet leave a page that says what to do', async () => {
    const app = new Hono<HttpEnv>().route('/', createConsole('/nowhere'));
    const page = await app.request('http://loa.test/');
    expect(page.status).toBe(503);
    expect(await page.text()).toContain('npm run build:console');
  });
});
