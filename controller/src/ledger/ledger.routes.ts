import { createRoute, z } from '@hono/zod-openapi';
import { AppError } from '@loa/kernel';
import type { ControllerErrorCode } from '../errors.ts';
import { permitted } from '../http/access.ts';
import { json } from '../http/json-body.ts';
import { featureApp } from '../http/problem.ts';
import type { Ledger } from './ledger.service.ts';

const entry = z
  .object({
    result: z.string(),
    reason: z.string(),
    evidence: z.string(),
    source: z.object({ journalId: z.string(), seq: z.int() }).readonly().nullable(),
    deviceId: z.string(),
    plannedAtMs: z.int(),
    startedAtMs: z.number().nullable(),
    endedAtMs: z.number().nullable(),
    startErrorMs: z.number().nullable(),
    heardMs: z.number(),
    detail: z.string(),
    recordedAtMs: z.int(),
  })
  .openapi('LedgerEntry');
const outcome = z
  .discriminatedUnion('state', [
    z.object({
      state: z.enum(['due', 'unreported', 'withdrawn']),
      history: z.array(entry).max(0).readonly(),
    }),
    z.object({ state: z.literal('closed'), newest: entry, history: z.array(entry).readonly() }),
  ])
  .openapi('OutcomeView', { description: 'Oldest first in `history`; the newest entry counts.' });
const row = z
  .object({
    occurrenceId: z.string(),
    clusterId: z.string(),
    clusterName: z.string(),
    areaId: z.string(),
    bulletinId: z.string(),
    title: z.string(),
    class: z.enum(['routine', 'priority', 'emergency']),
    startsAtMs: z.int(),
    plannedMs: z.int(),
    outcome,
  })
  .openapi('AsBroadcastRow');
const localDate = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .openapi({ example: '2026-01-05', description: 'A day in the site’s zone' });

/** What was broadcast, under /api/v1. */
export function createLedgerRoutes({
  ledger,
  timeZone,
}: {
  readonly ledger: Ledger;
  readonly timeZone: string;
}) {
  return featureApp()
    .openapi(
      createRoute({
        ...permitted('content:read'),
        method: 'get',
        path: '/as-broadcast',
        request: { query: z.object({ date: localDate }) },
        responses: {
          200: json('Every occurrence of the day, by start', z.object({ rows: z.array(row).readonly() })),
        },
      }),
      async (c) => {
        const { fromMs, untilMs } = dayOf(c.req.valid('query').date, timeZone);
        return c.json({ rows: await ledger.asBroadcast(fromMs, untilMs) }, 200);
      },
    )
    .openapi(
      createRoute({
        ...permitted('content:read'),
        method: 'get',
        path: '/occurrences/{id}/outcome',
        request: { params: z.object({ id: z.string().max(200) }) },
        responses: { 200: json('How it ended, with every earlier word on it', outcome) },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        const found = await ledger.outcomeOf(id);
        if (!found)
          throw new AppError<ControllerErrorCode>(`there is no occurrence ${id}`, {
            code: 'request/not-found',
          });
        return c.json(found, 200);
      },
    );
}

function dayOf(date: string, timeZone: string): { readonly fromMs: number; readonly untilMs: number } {
  try {
    const day = Temporal.PlainDate.from(date);
    const at = (plain: Temporal.PlainDate) => plain.toZonedDateTime(timeZone).epochMilliseconds;
    return { fromMs: at(day), untilMs: at(day.add({ days: 1 })) };
  } catch (cause) {
    throw new AppError<ControllerErrorCode>(`${date} is no day of the calendar`, {
      code: 'request/invalid',
      cause,
    });
  }
}
