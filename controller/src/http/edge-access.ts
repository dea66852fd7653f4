import { AppError } from '@loa/kernel';
import type { Context, MiddlewareHandler } from 'hono';
import type { ControllerErrorCode } from '../errors.ts';
import type { Box, HttpEnv } from './access.ts';

/** Finds the active box of an id and a link key. */
type FindBox = (
  deviceId: string,
  linkKey: string,
) => Promise<{ readonly id: string; readonly cluster_id: string } | undefined>;

/**
 * The part of every edge route definition that lets active boxes in, by HTTP Basic (RFC 7617): device id and link key.
 * Spread it into `createRoute({ ...boxOnly(requireBox), … })`; `boxOf(c)` is then the box.
 */
export function boxOnly(requireBox: RequireBox) {
  return { 'x-loa-permission': 'box' as const, middleware: requireBox };
}

/** What lets a request of an active box pass, and nobody else's. */
export type RequireBox = MiddlewareHandler<HttpEnv>;

/** Creates the middleware that answers 401 `edge/unauthorised` to anyone but an active box. */
export function createRequireBox(findBox: FindBox): RequireBox {
  return async (c, next) => {
    const [, encoded] = /^Basic ([A-Za-z0-9+/]+={0,2})$/.exec(c.req.header('authorization') ?? '') ?? [];
    const text = Buffer.from(encoded ?? '', 'base64').toString('utf8');
    const colon = text.indexOf(':');
    const box = colon > 0 ? await findBox(text.slice(0, colon), text.slice(colon + 1)) : undefined;
    if (!box) throw notABox();
    c.set('device', { id: box.id, clusterId: box.cluster_id });
    await next();
  };
}

/** Returns the box that asks; the route must be `boxOnly`. */
export function boxOf(c: Context<HttpEnv>): Box {
  const box = c.get('device');
  if (!box) throw notABox();
  return box;
}

const notABox = () =>
  new AppError<ControllerErrorCode>(
    'not a box that serves this site: its id and link key do not fit, or it was replaced or revoked',
    { code: 'edge/unauthorised' },
  );
