import { createRoute, z } from '@hono/zod-openapi';
import { actorOf, permitted } from '../http/access.ts';
import { json } from '../http/json-body.ts';
import { featureApp } from '../http/problem.ts';
import type { Claims } from './claims.service.ts';
import type { Devices } from './devices.service.ts';

const device = z
  .object({
    id: z.string(),
    clusterId: z.string(),
    kid: z.string(),
    state: z.enum(['active', 'replaced', 'revoked']),
    enrolledMs: z.int(),
    endedMs: z.int().nullable(),
  })
  .openapi('Device');
const pending = z
  .object({
    id: z.string(),
    clusterId: z.string(),
    clusterName: z.string(),
    fingerprintWords: z.array(z.string()).readonly(),
    hardware: z.record(z.string(), z.string()),
    agentVersion: z.string(),
    createdMs: z.int(),
    replaces: z.string().nullable(),
  })
  .openapi('PendingEnrolment');
const claim = z
  .object({
    id: z.string(),
    code: z.string().openapi({ example: 'ABCD-EFGH-JKMN-PQRS' }),
    expiresAtMs: z.int(),
  })
  .openapi('Claim');
const byId = z.object({ id: z.string() });

/** Claim codes, enrolments and boxes, under /api/v1. */
export function createDeviceRoutes({
  claims,
  devices,
}: {
  readonly claims: Claims;
  readonly devices: Devices;
}) {
  return featureApp()
    .openapi(
      createRoute({
        ...permitted('site:write'),
        method: 'post',
        path: '/clusters/{id}/claim-codes',
        request: { params: byId },
        responses: { 201: json('A one-time code for one box, shown this once', claim) },
      }),
      async (c) => c.json(await claims.create(actorOf(c), c.req.valid('param').id, c.get('requestId')), 201),
    )
    .openapi(
      createRoute({
        ...permitted('site:write'),
        method: 'get',
        path: '/enrolments',
        responses: {
          200: json('Boxes that wait for a person', z.object({ enrolments: z.array(pending).readonly() })),
        },
      }),
      async (c) => c.json({ enrolments: await devices.pending() }, 200),
    )
    .openapi(
      createRoute({
        ...permitted('site:write'),
        method: 'post',
        path: '/enrolments/{id}/approval',
        request: {
          params: byId,
          body: {
            required: true,
            ...json(
              '',
              z.object({ wordsAgree: z.literal(true, 'compare the six words with the box first') }),
            ),
          },
        },
        responses: { 201: json('The box that now serves the cluster', device) },
      }),
      async (c) =>
        c.json(await devices.approve(actorOf(c), c.req.valid('param').id, c.get('requestId')), 201),
    )
    .openapi(
      createRoute({
        ...permitted('site:write'),
        method: 'post',
        path: '/enrolments/{id}/refusal',
        request: {
          params: byId,
          body: { required: true, ...json('', z.object({ reason: z.string().trim().min(1).max(200) })) },
        },
        responses: { 204: { description: 'Refused; the box is told why' } },
      }),
      async (c) => {
        await devices.refuse(
          actorOf(c),
          c.req.valid('param').id,
          c.req.valid('json').reason,
          c.get('requestId'),
        );
        return c.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        ...permitted('content:read'),
        method: 'get',
        path: '/devices',
        responses: {
          200: json('All boxes, past and present', z.object({ devices: z.array(device).readonly() })),
        },
      }),
      async (c) => c.json({ devices: await devices.list() }, 200),
    )
    .openapi(
      createRoute({
        ...permitted('site:write'),
        method: 'post',
        path: '/devices/{id}/revocation',
        request: { params: byId },
        responses: { 200: json('The box that is trusted no more', device) },
      }),
      async (c) => c.json(await devices.revoke(actorOf(c), c.req.valid('param').id, c.get('requestId')), 200),
    );
}
