import { createRoute, z } from '@hono/zod-openapi';
import { actorOf, permitted } from '../http/access.ts';
import { json } from '../http/json-body.ts';
import { featureApp } from '../http/problem.ts';
import type { Restore } from './restore.service.ts';

const seen = z.object({
  deviceId: z.string(),
  kind: z.string(),
  epoch: z.int(),
  rev: z.int(),
  sha256: z.string(),
});
const status = z
  .object({
    restored: z.object({ sinceMs: z.int(), epoch: z.int(), seen: z.array(seen) }).nullable(),
  })
  .openapi('RestoreStatus', {
    description:
      'Not null: boxes hold what this controller signed and does not remember; they keep it until someone reviews it.',
  });

/** The review after a restore from a backup, under /api/v1. `onReviewed` is called when states may go out again. */
export function createRestoreRoutes({
  restore,
  onReviewed,
}: {
  readonly restore: Restore;
  readonly onReviewed: () => void;
}) {
  return featureApp()
    .openapi(
      createRoute({
        ...permitted('content:read'),
        method: 'get',
        path: '/restore',
        responses: { 200: json('What waits for review', status) },
      }),
      async (c) => c.json({ restored: (await restore.status()) ?? null }, 200),
    )
    .openapi(
      createRoute({
        ...permitted('site:write'),
        method: 'post',
        path: '/restore/reviewed',
        responses: { 204: { description: 'States go out again, under the new epoch' } },
      }),
      async (c) => {
        if (await restore.reviewed(actorOf(c), c.get('requestId'))) onReviewed();
        return c.body(null, 204);
      },
    );
}
