import { createRoute, z } from '@hono/zod-openapi';
import { epochMs } from '@loa/contract';
import { actorOf, permitted } from '../http/access.ts';
import { json } from '../http/json-body.ts';
import { featureApp } from '../http/problem.ts';
import { oneLine } from '../one-line.schema.ts';
import type { Holds } from './hold.service.ts';
import { holdTargets } from './hold-targets.ts';

const newHold = z.object({
  targets: holdTargets,
  includesEmergency: z.boolean().default(false),
  untilMs: epochMs.nullable().default(null).openapi({ description: '`null`: until released' }),
  reason: oneLine(400).openapi({ example: 'Lễ tang tại thôn 1' }),
});
const hold = z
  .object({
    id: z.string(),
    targets: holdTargets,
    includesEmergency: z.boolean(),
    fromMs: z.int(),
    untilMs: z.int().nullable(),
    reason: z.string(),
    by: z.string(),
    releasedMs: z.int().nullable(),
    releasedBy: z.string().nullable(),
    members: z
      .array(
        z.object({
          clusterId: z.string(),
          state: z.enum(['confirmed', 'waiting', 'no-box']),
          silent: z.boolean().nullable(),
        }),
      )
      .readonly(),
  })
  .openapi('Hold');

/** Holds, under /api/v1. */
export function createHoldRoutes({ holds }: { readonly holds: Holds }) {
  return featureApp()
    .openapi(
      createRoute({
        ...permitted('content:read'),
        method: 'get',
        path: '/holds',
        responses: {
          200: json(
            'Newest first, each with the word of every cluster',
            z.object({ holds: z.array(hold).readonly() }),
          ),
        },
      }),
      async (c) => c.json({ holds: await holds.list() }, 200),
    )
    .openapi(
      createRoute({
        ...permitted('broadcast:hold'),
        method: 'post',
        path: '/holds',
        request: { body: { required: true, ...json('', newHold) } },
        responses: { 201: json('The hold, on its way to every box it concerns', hold) },
      }),
      async (c) => c.json(await holds.place(actorOf(c), c.req.valid('json'), c.get('requestId')), 201),
    )
    .openapi(
      createRoute({
        ...permitted('broadcast:hold'),
        method: 'post',
        path: '/holds/{id}/release',
        request: { params: z.object({ id: z.string() }) },
        responses: { 200: json('The released hold', hold) },
      }),
      async (c) => c.json(await holds.release(actorOf(c), c.req.valid('param').id, c.get('requestId')), 200),
    );
}
