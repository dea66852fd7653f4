import { createRoute, z } from '@hono/zod-openapi';
import { actorOf, permitted } from '../http/access.ts';
import { json } from '../http/json-body.ts';
import { featureApp } from '../http/problem.ts';
import { bulletin, bulletinChanges, bulletinSummary, fromProcedure, newBulletin } from './bulletin.schema.ts';
import type { Bulletins } from './bulletins.service.ts';
import type { Explainers } from './explainers.service.ts';

const byId = z.object({ id: z.string() });

/** Pieces to be broadcast, under /api/v1/bulletins. */
export function createBulletinRoutes({
  bulletins,
  explainers,
}: {
  readonly bulletins: Bulletins;
  readonly explainers: Explainers;
}) {
  return featureApp()
    .openapi(
      createRoute({
        ...permitted('content:read'),
        method: 'get',
        path: '/bulletins',
        responses: {
          200: json(
            'The newest 500, the last changed one first',
            z.object({ bulletins: z.array(bulletinSummary).readonly() }),
          ),
        },
      }),
      async (c) => c.json({ bulletins: await bulletins.list() }, 200),
    )
    .openapi(
      createRoute({
        ...permitted('content:read'),
        method: 'get',
        path: '/bulletins/{id}',
        request: { params: byId },
        responses: { 200: json('The bulletin, its words and its sounds', bulletin) },
      }),
      async (c) => c.json(await bulletins.get(c.req.valid('param').id), 200),
    )
    .openapi(
      createRoute({
        ...permitted('content:write'),
        method: 'post',
        path: '/bulletins',
        request: { body: { required: true, ...json('', newBulletin) } },
        responses: { 201: json('The new draft', bulletin) },
      }),
      async (c) => c.json(await bulletins.create(actorOf(c), c.req.valid('json'), c.get('requestId')), 201),
    )
    .openapi(
      createRoute({
        ...permitted('content:write'),
        method: 'post',
        path: '/bulletins/from-procedure',
        request: { body: { required: true, ...json('', fromProcedure) } },
        responses: { 201: json('A draft with a chime and a script of at most 20 s', bulletin) },
      }),
      async (c) => c.json(await explainers.write(actorOf(c), c.req.valid('json'), c.get('requestId')), 201),
    )
    .openapi(
      createRoute({
        ...permitted('content:write'),
        method: 'patch',
        path: '/bulletins/{id}',
        request: { params: byId, body: { required: true, ...json('', bulletinChanges) } },
        responses: { 200: json('The next version, a draft; what was approved is void', bulletin) },
      }),
      async (c) =>
        c.json(
          await bulletins.edit(actorOf(c), c.req.valid('param').id, c.req.valid('json'), c.get('requestId')),
          200,
        ),
    )
    .openapi(
      createRoute({
        ...permitted('content:write'),
        method: 'post',
        path: '/bulletins/{id}/render',
        request: { params: byId },
        responses: { 202: json('It waits to be rendered; live events tell how far it is', bulletin) },
      }),
      async (c) =>
        c.json(await bulletins.render(actorOf(c), c.req.valid('param').id, c.get('requestId')), 202),
    );
}
