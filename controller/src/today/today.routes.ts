import { createRoute, z } from '@hono/zod-openapi';
import { permitted } from '../http/access.ts';
import { json } from '../http/json-body.ts';
import { featureApp } from '../http/problem.ts';
import { occurrenceDetail, todayView } from './today.schema.ts';
import type { Today } from './today.service.ts';

/** The day per hamlet and each occurrence of it, under /api/v1. */
export function createTodayRoutes({ today }: { readonly today: Today }) {
  return featureApp()
    .openapi(
      createRoute({
        ...permitted('content:read'),
        method: 'get',
        path: '/today',
        request: { query: z.object({ date: z.iso.date().optional() }) },
        responses: { 200: json('One local day: clusters, what they play, how it went', todayView) },
      }),
      async (c) => c.json(await today.day(c.req.valid('query').date), 200),
    )
    .openapi(
      createRoute({
        ...permitted('content:read'),
        method: 'get',
        path: '/occurrences/{id}',
        request: { params: z.object({ id: z.string() }) },
        responses: {
          200: json('The occurrence, its readiness, and every report of how it ended', occurrenceDetail),
        },
      }),
      async (c) => c.json(await today.occurrence(c.req.valid('param').id), 200),
    );
}
