import { createRoute, z } from '@hono/zod-openapi';
import type { Db } from '../db/database.ts';
import { actorOf, permitted } from '../http/access.ts';
import { json } from '../http/json-body.ts';
import { featureApp } from '../http/problem.ts';
import { type Policies, policy } from './policy.service.ts';

const sitePolicy = z
  .object({ policy, isDefault: z.boolean() })
  .openapi('SitePolicy', { description: '`isDefault`: a proposal that the commune has not decided yet.' });

/** The broadcasting rules of the site, under /api/v1. */
export function createPolicyRoutes({ policies, db }: { readonly policies: Policies; readonly db: Db }) {
  return featureApp()
    .openapi(
      createRoute({
        ...permitted('content:read'),
        method: 'get',
        path: '/policy',
        responses: { 200: json('The rules in force', sitePolicy) },
      }),
      async (c) => c.json(await policies.current(db), 200),
    )
    .openapi(
      createRoute({
        ...permitted('site:write'),
        method: 'put',
        path: '/policy',
        request: { body: { required: true, ...json('', policy) } },
        responses: { 200: json('The rules now in force', sitePolicy) },
      }),
      async (c) => c.json(await policies.change(actorOf(c), c.req.valid('json'), c.get('requestId')), 200),
    );
}
