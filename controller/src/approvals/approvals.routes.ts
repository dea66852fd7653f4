import { createRoute, z } from '@hono/zod-openapi';
import { actorOf, permitted } from '../http/access.ts';
import { json } from '../http/json-body.ts';
import { featureApp } from '../http/problem.ts';
import { approval, approvalState, approveDecision, returnDecision, submission } from './approval.schema.ts';
import type { Approvals } from './approvals.service.ts';

const byId = z.object({ id: z.string() });

/** Who lets out what, under /api/v1. */
export function createApprovalRoutes({ approvals }: { readonly approvals: Approvals }) {
  return featureApp()
    .openapi(
      createRoute({
        ...permitted('content:write'),
        method: 'post',
        path: '/bulletins/{id}/submit',
        request: { params: byId, body: { required: true, ...json('', submission) } },
        responses: { 201: json('It waits for somebody else to approve it', approval) },
      }),
      async (c) =>
        c.json(
          await approvals.submit(
            actorOf(c),
            c.req.valid('param').id,
            c.req.valid('json'),
            c.get('requestId'),
          ),
          201,
        ),
    )
    .openapi(
      createRoute({
        ...permitted('content:read'),
        method: 'get',
        path: '/approvals',
        request: { query: z.object({ state: approvalState.default('waiting') }) },
        responses: {
          200: json('Oldest first', z.object({ approvals: z.array(approval).readonly() })),
        },
      }),
      async (c) => c.json({ approvals: await approvals.list(c.req.valid('query').state) }, 200),
    )
    .openapi(
      createRoute({
        ...permitted('content:read'),
        method: 'get',
        path: '/approvals/{id}',
        request: { params: byId },
        responses: { 200: json('What is asked for, exactly', approval) },
      }),
      async (c) => c.json(await approvals.get(c.req.valid('param').id), 200),
    )
    .openapi(
      createRoute({
        ...permitted('content:approve'),
        method: 'post',
        path: '/approvals/{id}/approve',
        request: { params: byId, body: { required: true, ...json('', approveDecision) } },
        responses: { 200: json('Approved', approval) },
      }),
      async (c) =>
        c.json(
          await approvals.approve(
            actorOf(c),
            c.req.valid('param').id,
            c.req.valid('json'),
            c.get('requestId'),
          ),
          200,
        ),
    )
    .openapi(
      createRoute({
        ...permitted('content:approve'),
        method: 'post',
        path: '/approvals/{id}/return',
        request: { params: byId, body: { required: true, ...json('', returnDecision) } },
        responses: { 200: json('Returned to its author', approval) },
      }),
      async (c) =>
        c.json(
          await approvals.sendBack(
            actorOf(c),
            c.req.valid('param').id,
            c.req.valid('json').reason,
            c.get('requestId'),
          ),
          200,
        ),
    );
}
