import { createRoute, z } from '@hono/zod-openapi';
import { LIMITS } from '@loa/contract';
import { AppError } from '@loa/kernel';
import type { MiddlewareHandler } from 'hono';
import type { Db } from '../db/database.ts';
import type { ControllerErrorCode } from '../errors.ts';
import type { HttpEnv } from '../http/access.ts';
import { boxOf, boxOnly } from '../http/edge-access.ts';
import { featureApp } from '../http/problem.ts';
import { createBoxStore } from './box.store.ts';
import type { Restore } from './restore.service.ts';
import { sha256Of } from './signed-state.ts';
import { createStateStore } from './state.store.ts';

const byHash = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/** Signed states that are too large for MQTT, under /edge/v1, both ways: each box gets only its own, and sends up what it is asked for. */
export function createEdgeOrderRoutes({
  db,
  restore,
  requireBox,
}: {
  readonly db: Db;
  readonly restore: Pick<Restore, 'original'>;
  readonly requireBox: MiddlewareHandler<HttpEnv>;
}) {
  return featureApp()
    .openapi(
      createRoute({
        ...boxOnly(requireBox),
        method: 'get',
        path: '/orders/{sha256}',
        request: { params: byHash },
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
    )
    .openapi(
      createRoute({
        ...boxOnly(requireBox),
        method: 'put',
        path: '/originals/{sha256}',
        request: {
          params: byHash,
          body: {
            required: true,
            description: 'The JWS text',
            content: { 'application/jose': { schema: z.string() } },
          },
        },
        responses: { 204: { description: 'Taken' } },
      }),
      async (c) => {
        const box = await createBoxStore(db).find(boxOf(c).id);
        const jws = await c.req.text();
        if (jws.length > LIMITS.fetchedOrder || sha256Of(jws) !== c.req.valid('param').sha256)
          throw new AppError<ControllerErrorCode>(
            'the body is too large, or its SHA-256 is not the one in the path',
            { code: 'edge/bad-request' },
          );
        if (box) await restore.original(box, jws);
        return c.body(null, 204);
      },
    );
}
