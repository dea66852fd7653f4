import { createRoute, z } from '@hono/zod-openapi';
import { actorOf, permitted } from '../http/access.ts';
import { json } from '../http/json-body.ts';
import { featureApp } from '../http/problem.ts';
import { oneLine } from '../one-line.schema.ts';
import type { Clusters } from './clusters.service.ts';

const languages = z
  .array(z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'wanted a BCP 47 tag such as vi'))
  .min(1)
  .max(20)
  .readonly();
const settings = {
  areaId: z.string(),
  name: oneLine(100).openapi({ example: 'Cụm loa nhà văn hóa thôn Đông' }),
  languages: languages.openapi({ example: ['vi'] }),
  gainDb: z.number().min(-60).max(0),
  calibrationMs: z.number().min(-500).max(5000),
  warmUpMs: z.int().min(0).max(30_000),
  latitude: z.number().min(-90).max(90).nullable(),
  longitude: z.number().min(-180).max(180).nullable(),
  tags: z.array(z.string().trim().min(1).max(40)).max(50).readonly(),
};
const newCluster = z.object({
  ...settings,
  languages: settings.languages.default(['vi']),
  gainDb: settings.gainDb.default(0),
  calibrationMs: settings.calibrationMs.default(0),
  warmUpMs: settings.warmUpMs.default(1500),
  latitude: settings.latitude.default(null),
  longitude: settings.longitude.default(null),
  tags: settings.tags.default([]),
});
const changes = z.object({ ...settings, retired: z.boolean() }).partial();
const cluster = z
  .object({
    id: z.string(),
    ...settings,
    retiredMs: z.int().nullable(),
    createdMs: z.int(),
    device: z.object({ id: z.string(), online: z.boolean(), lastHeardMs: z.int().nullable() }).nullable(),
  })
  .openapi('Cluster');
const byId = z.object({ id: z.string() });

/** Places that sound as one, under /api/v1/clusters. */
export function createClusterRoutes({ clusters }: { readonly clusters: Clusters }) {
  return featureApp()
    .openapi(
      createRoute({
        ...permitted('content:read'),
        method: 'get',
        path: '/clusters',
        responses: { 200: json('All clusters', z.object({ clusters: z.array(cluster).readonly() })) },
      }),
      async (c) => c.json({ clusters: await clusters.list() }, 200),
    )
    .openapi(
      createRoute({
        ...permitted('content:read'),
        method: 'get',
        path: '/clusters/{id}',
        request: { params: byId },
        responses: { 200: json('The cluster', cluster) },
      }),
      async (c) => c.json(await clusters.get(c.req.valid('param').id), 200),
    )
    .openapi(
      createRoute({
        ...permitted('site:write'),
        method: 'post',
        path: '/clusters',
        request: { body: { required: true, ...json('', newCluster) } },
        responses: { 201: json('The new cluster', cluster) },
      }),
      async (c) => c.json(await clusters.create(actorOf(c), c.req.valid('json'), c.get('requestId')), 201),
    )
    .openapi(
      createRoute({
        ...permitted('site:write'),
        method: 'patch',
        path: '/clusters/{id}',
        request: { params: byId, body: { required: true, ...json('', changes) } },
        responses: { 200: json('The cluster as it is now; another areaId moves it', cluster) },
      }),
      async (c) =>
        c.json(
          await clusters.change(actorOf(c), c.req.valid('param').id, c.req.valid('json'), c.get('requestId')),
          200,
        ),
    );
}
