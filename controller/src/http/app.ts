import { getConnInfo } from '@hono/node-server/conninfo';
import { OpenAPIHono } from '@hono/zod-openapi';
import { LIMITS } from '@loa/contract';
import { AppError, type Logger, type RandomId } from '@loa/kernel';
import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ControllerErrorCode } from '../errors.ts';
import type { People } from '../people/people.service.ts';
import type { HttpEnv } from './access.ts';
import { ownOriginOnly, safeHeaders } from './browser-safety.ts';
import { onError, onNotFound } from './problem.ts';

/** The largest body of an ordinary request. */
const BODY_BYTES = 1024 * 1024;
/** Plans that boxes send back to a restored controller. */
const ORIGINALS = /^\/edge\/v1\/originals\//;
/** Recordings of people: these routes hold a bound of their own. */
const RECORDINGS = /^\/api\/v1\/sounds(\/|$)/;

/** What the application is put together from. */
export interface AppParts {
  readonly people: Pick<People, 'actorFrom'>;
  readonly api: Hono<HttpEnv>;
  /** Applications for boxes, under /edge/v1. */
  readonly edge: readonly Hono<HttpEnv>[];
  /** Served from the root: health, sign-in. */
  readonly pages: readonly Hono<HttpEnv>[];
  /** Answers what nothing else did. */
  readonly console: Hono<HttpEnv>;
}

/** Puts the HTTP application together: safety first, then who is asking, then the features, the console last. */
export function createApp(
  { people, api, edge, pages, console: consoleApp }: AppParts,
  {
    log,
    newId,
    publicUrl,
  }: { readonly log: Logger; readonly newId: RandomId; readonly publicUrl: string | undefined },
): OpenAPIHono<HttpEnv> {
  const app = new OpenAPIHono<HttpEnv>();
  app.onError(onError(log));
  app.notFound(onNotFound);
  app.use(async (c, next) => {
    c.set('requestId', newId('req'));
    c.set('peerAddress', peerAddress(c));
    await next();
    c.header('x-request-id', c.get('requestId'));
  });
  app.use(safeHeaders(publicUrl?.startsWith('https:') ?? false));
  app.use(ownOriginOnly(publicUrl));
  const ordinary = limitOf(BODY_BYTES);
  const original = limitOf(LIMITS.fetchedOrder);
  app.use((c, next) => {
    if (RECORDINGS.test(c.req.path)) return next();
    return ORIGINALS.test(c.req.path) ? original(c, next) : ordinary(c, next);
  });
  app.use('/api/*', async (c, next) => {
    c.set('actor', await people.actorFrom(c.req.raw.headers));
    c.header('cache-control', 'no-store');
    await next();
  });
  app.route('/api/v1', api);
  for (const routes of edge) app.route('/edge/v1', routes);
  for (const routes of pages) app.route('/', routes);
  app.doc31('/api/v1/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Loa', version: '1', description: 'The controller of a commune loudspeaker station.' },
  });
  app.route('/', consoleApp);
  return app;
}

/** The address at the other end of the socket; absent in tests that call the application without one. */
function peerAddress(c: Context<HttpEnv>): string | undefined {
  try {
    return getConnInfo(c).remote.address;
  } catch {
    return undefined;
  }
}

function limitOf(maxSize: number) {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new AppError<ControllerErrorCode>(`the body is larger than ${maxSize} bytes`, {
        code: 'request/too-large',
      });
    },
  });
}
