import { createRoute, z } from '@hono/zod-openapi';
import { actorOf, permitted } from '../http/access.ts';
import { json } from '../http/json-body.ts';
import { featureApp } from '../http/problem.ts';
import type { DryRun } from './dry-run.service.ts';
import { dryRun as dryRunView, newSeries, seriesChanges, seriesView } from './series.schema.ts';
import type { SeriesDesk } from './series-desk.service.ts';

const byId = z.object({ id: z.string() });
const stillHeldBy = z.array(z.string()).readonly();

/** What stands on the calendar, under /api/v1/series. */
export function createSeriesRoutes({
  series,
  dryRun,
}: {
  readonly series: SeriesDesk;
  readonly dryRun: DryRun;
}) {
  return featureApp()
    .openapi(
      createRoute({
        ...permitted('content:read'),
        method: 'get',
        path: '/series',
        responses: {
          200: json('The newest 1,000, newest first', z.object({ series: z.array(seriesView).readonly() })),
        },
      }),
      async (c) => c.json({ series: await series.list() }, 200),
    )
    .openapi(
      createRoute({
        ...permitted('content:read'),
        method: 'get',
        path: '/series/{id}',
        request: { params: byId },
        responses: {
          200: json(
            'The series, and the clusters whose box does not hold the newest plan yet',
            z.object({ series: seriesView, stillHeldBy }),
          ),
        },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        return c.json({ series: await series.get(id), stillHeldBy: await series.stillHeldBy(id) }, 200);
      },
    )
    .openapi(
      createRoute({
        ...permitted('content:write'),
        method: 'post',
        path: '/series',
        request: { body: { required: true, ...json('', newSeries) } },
        responses: { 201: json('Placed; without an approval, a draft that nobody hears', seriesView) },
      }),
      async (c) => {
        const { bulletinId, ...draft } = c.req.valid('json');
        return c.json(await series.place(actorOf(c), bulletinId, draft, c.get('requestId')), 201);
      },
    )
    .openapi(
      createRoute({
        ...permitted('content:write'),
        method: 'post',
        path: '/series/dry-run',
        request: { body: { required: true, ...json('', newSeries) } },
        responses: { 200: json('What placing it would do', dryRunView) },
      }),
      async (c) => {
        const { bulletinId, ...draft } = c.req.valid('json');
        return c.json(await dryRun.try(bulletinId, draft), 200);
      },
    )
    .openapi(
      createRoute({
        ...permitted('content:write'),
        method: 'patch',
        path: '/series/{id}',
        request: { params: byId, body: { required: true, ...json('', seriesChanges) } },
        responses: { 200: json('The series as it is now', seriesView) },
      }),
      async (c) =>
        c.json(
          await series.change(actorOf(c), c.req.valid('param').id, c.req.valid('json'), c.get('requestId')),
          200,
        ),
    )
    .openapi(
      createRoute({
        ...permitted('content:write'),
        method: 'post',
        path: '/series/{id}/withdraw',
        request: { params: byId },
        responses: {
          200: json(
            'Withdrawn, and which clusters still hold it',
            z.object({ series: seriesView, stillHeldBy }),
          ),
        },
      }),
      async (c) =>
        c.json(await series.withdraw(actorOf(c), c.req.valid('param').id, c.get('requestId')), 200),
    );
}
