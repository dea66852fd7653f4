import { createRoute, z } from '@hono/zod-openapi';
import { AppError } from '@loa/kernel';
import type { MiddlewareHandler } from 'hono';
import type { Db } from '../db/database.ts';
import type { ControllerErrorCode } from '../errors.ts';
import type { HttpEnv } from '../http/access.ts';
import { boxOf, boxOnly } from '../http/edge-access.ts';
import { featureApp } from '../http/problem.ts';
import { createStateStore } from './state.store.ts';

/** Signed orders that were too large for MQTT, under /edge/v1: each box gets only its own. */
export function createEdgeOrderRoutes({
  db,
  requireBox,
}: {
  readonly db: Db;
  readonly requireBox: MiddlewareHandler<HttpEnv>;
}) {
  return featureApp().openapi(
    createRoute({
      ...boxOnly(requireBox),
      method: 'get',
      path: '/orders/{sha256}',
      request: { params: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }) },
      responses: {
        200: { description: 'The JWS text', content: { 'application/jose': { schema: z.string() } } },
      },
    }),
    async (c) => {
      const row = await createStateStore(db).original(c.req.valid('param').sha256);
      if (row?.device_id !== boxOf(c).id)
        throw new AppError<ControllerErrorCode>('this box has no order with that hash', {
          code: 'edge/not-found',
        });
      return c.body(row.jws, 200, { 'content-type': 'application/jose' });
    },
  );
}
