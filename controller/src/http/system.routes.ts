import { createRoute, z } from '@hono/zod-openapi';
import { AppError } from '@loa/kernel';
import type { ControllerErrorCode } from '../errors.ts';
import { open } from './access.ts';
import { json } from './json-body.ts';
import type { Metrics } from './metrics.ts';
import { featureApp } from './problem.ts';
import { type Check, runChecks } from './readiness.ts';

const ok = z.object({ status: z.literal('ok') });

/** What machines ask: does the process live, can it do its work, and its figures for Prometheus. */
export function createSystemRoutes({
  checks,
  metrics,
}: {
  readonly checks: readonly Check[];
  readonly metrics: Metrics;
}) {
  return featureApp()
    .openapi(
      createRoute({
        ...open(),
        method: 'get',
        path: '/healthz',
        responses: { 200: json('The process lives', ok) },
      }),
      (c) => c.json({ status: 'ok' as const }, 200),
    )
    .openapi(
      createRoute({
        ...open(),
        method: 'get',
        path: '/readyz',
        responses: { 200: json('Everything needed is there', ok), 503: { description: 'What is missing' } },
      }),
      async (c) => {
        const fields = await runChecks(checks);
        if (fields.length > 0)
          throw new AppError<ControllerErrorCode>(
            `not ready: ${fields.map(({ path, message }) => `${path}: ${message}`).join('; ')}`,
            { code: 'controller/not-ready', retryable: true, details: { fields } },
          );
        return c.json({ status: 'ok' as const }, 200);
      },
    )
    .openapi(
      createRoute({
        ...open(),
        method: 'get',
        path: '/metrics',
        responses: { 200: { description: 'Figures in the text format of Prometheus' } },
      }),
      async (c) => c.body(await metrics.text(), 200, { 'content-type': metrics.contentType }),
    );
}
