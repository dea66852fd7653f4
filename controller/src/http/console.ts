import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import type { HttpEnv } from './access.ts';

const NOT_BUILT = `<!doctype html><html lang="vi"><meta charset="utf-8"><title>Loa</title>
<p>Bảng điều khiển chưa được dựng. Hãy chạy lệnh <code>npm run build:console</code> rồi tải lại trang này.</p>
<p lang="en">The console is not built yet: run <code>npm run build:console</code> and reload this page.</p></html>`;

/**
 * Serves the built console from the folder `dist`: files named by their content for a year, the page itself never from a cache.
 * Any other path without a dot is the page too, for the console finds its way by itself.
 */
export function createConsole(dist: string): Hono<HttpEnv> {
  const isBuilt = () => existsSync(join(dist, 'index.html'));
  const app = new Hono<HttpEnv>();
  app.get('/api/*', (c) => c.notFound());
  app.get('/edge/*', (c) => c.notFound());
  app.get('*', async (c, next) => {
    if (!isBuilt()) return c.req.path === '/' ? c.html(NOT_BUILT, 503) : next();
    const isPage = !c.req.path.includes('.');
    const serve = serveStatic<HttpEnv>({ root: dist, ...(isPage ? { path: 'index.html' } : {}) });
    const response = await serve(c, next);
    if (!(response instanceof Response)) return; // no such file: what `next` answered stands on the context
    const isHashed = c.req.path.startsWith('/assets/');
    response.headers.set('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-store');
    return response;
  });
  return app;
}
