import { createRoute, z } from '@hono/zod-openapi';
import { actorOf, permitted } from '../http/access.ts';
import { json } from '../http/json-body.ts';
import { featureApp } from '../http/problem.ts';
import { oneLine } from '../one-line.schema.ts';
import type { Areas } from './areas.service.ts';

const area = z
  .object({
    id: z.string(),
    parentId: z.string().nullable(),
    name: z.string(),
    kind: z.string(),
    createdMs: z.int(),
  })
  .openapi('Area');
const name = oneLine(100).openapi({ example: 'Thôn Đông' });
const kind = z.string().trim().min(1).max(40).openapi({ example: 'Thôn' });

/** The tree of places, under /api/v1/areas. */
export function createAreaRoutes({ areas }: { readonly areas: Areas }) {
  return featureApp()
    .openapi(
      createRoute({
        ...permitted('content:read'),
        method: 'get',
        path: '/areas',
        responses: {
          200: json('All areas, older ones first', z.object({ areas: z.array(area).readonly() })),
        },
      }),
      async (c) => c.json({ areas: await areas.list() }, 200),
    )
    .openapi(
      createRoute({
        ...permitted('site:write'),
        method: 'post',
        path: '/areas',
        request: { body: { required: true, ...json('', z.object({ parentId: z.string(), name, kind })) } },
        responses: { 201: json('The new area', area) },
      }),
      async (c) => c.json(await areas.create(actorOf(c), c.req.valid('json'), c.get('requestId')), 201),
    )
    .openapi(
      createRoute({
        ...permitted('site:write'),
        method: 'patch',
        path: '/areas/{id}',
        request: {
          params: z.object({ id: z.string() }),
          body: { required: true, ...json('', z.object({ name, kind: kind.optional() })) },
        },
        responses: { 200: json('The area with its new name', area) },
      }),
      async (c) =>
        c.json(
          await areas.rename(actorOf(c), c.req.valid('param').id, c.req.valid('json'), c.get('requestId')),
          200,
        ),
    );
}
