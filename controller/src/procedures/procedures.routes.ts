import { createRoute, z } from '@hono/zod-openapi';
import { actorOf, permitted } from '../http/access.ts';
import { json } from '../http/json-body.ts';
import { featureApp } from '../http/problem.ts';
import { oneLine } from '../one-line.schema.ts';
import { procedureRecord } from './procedure.schema.ts';
import type { Procedures } from './procedures.service.ts';

const procedure = z
  .object({
    id: z.string(),
    code: z.string().openapi({ example: '3.000722' }),
    version: z.int(),
    title: z.string(),
    status: z.enum(['draft', 'verified', 'repealed']),
    replacedBy: z.string().nullable(),
    record: procedureRecord,
    reviewedMs: z.int().nullable(),
    reviewedBy: z.string().nullable(),
    updatedMs: z.int(),
  })
  .openapi('Procedure');
const byId = z.object({ id: z.string() });
const version = z.int().min(1);

/** Administrative procedures, under /api/v1/procedures. */
export function createProcedureRoutes({ procedures }: { readonly procedures: Procedures }) {
  return featureApp()
    .openapi(
      createRoute({
        ...permitted('content:read'),
        method: 'get',
        path: '/procedures',
        responses: {
          200: json('All procedures, by code', z.object({ procedures: z.array(procedure).readonly() })),
        },
      }),
      async (c) => c.json({ procedures: await procedures.list() }, 200),
    )
    .openapi(
      createRoute({
        ...permitted('content:read'),
        method: 'get',
        path: '/procedures/{id}',
        request: { params: byId },
        responses: { 200: json('The procedure', procedure) },
      }),
      async (c) => c.json(await procedures.get(c.req.valid('param').id), 200),
    )
    .openapi(
      createRoute({
        ...permitted('site:write'),
        method: 'put',
        path: '/procedures/{id}',
        request: {
          params: byId,
          body: {
            required: true,
            ...json('', z.object({ version, title: oneLine(300), record: procedureRecord })),
          },
        },
        responses: { 200: json('The procedure as it is now, a draft', procedure) },
      }),
      async (c) =>
        c.json(
          await procedures.edit(actorOf(c), c.req.valid('param').id, c.req.valid('json'), c.get('requestId')),
          200,
        ),
    )
    .openapi(
      createRoute({
        ...permitted('site:write'),
        method: 'post',
        path: '/procedures/{id}/verification',
        request: { params: byId, body: { required: true, ...json('', z.object({ version })) } },
        responses: { 200: json('The verified procedure', procedure) },
      }),
      async (c) =>
        c.json(
          await procedures.verify(
            actorOf(c),
            c.req.valid('param').id,
            c.req.valid('json').version,
            c.get('requestId'),
          ),
          200,
        ),
    );
}
