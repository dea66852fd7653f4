import { createRoute, z } from '@hono/zod-openapi';
import type { Clock } from '@loa/kernel';
import { streamSSE } from 'hono/streaming';
import { permitted } from '../http/access.ts';
import { featureApp } from '../http/problem.ts';
import type { LiveEvents } from './live-events.service.ts';

/** Proxies and browsers give a silent connection up after about a minute. */
const HEARTBEAT_MS = 15_000;

/**
 * The stream of live events (WHATWG server-sent events): `id` is the event's number, `event` its kind, `data` its body.
 * A reader that lost its connection goes on after `Last-Event-ID`.
 * @param ending aborts when the controller stops, so that no reader holds the server open.
 */
export function createLiveEventRoutes({
  liveEvents,
  clock,
  ending,
}: {
  readonly liveEvents: LiveEvents;
  readonly clock: Clock;
  readonly ending: AbortSignal;
}) {
  return featureApp().openapi(
    createRoute({
      ...permitted('content:read'),
      method: 'get',
      path: '/events',
      request: { headers: z.object({ 'last-event-id': z.coerce.number().int().min(0).optional() }) },
      responses: {
        200: { description: 'Live events', content: { 'text/event-stream': { schema: z.string() } } },
      },
    }),
    (c) => {
      const afterId = c.req.valid('header')['last-event-id'];
      c.header('x-accel-buffering', 'no'); // nginx would keep events back
      return streamSSE(c, async (stream) => {
        const left = new AbortController();
        const signal = AbortSignal.any([left.signal, ending]);
        stream.onAbort(() => left.abort());
        const beat = async () => {
          for (;;) {
            await stream.write(':\n\n');
            await clock.sleep(HEARTBEAT_MS, { signal });
          }
        };
        const beating = beat().catch(() => {}); // ends with the connection
        for await (const { id, body } of liveEvents.follow({ afterId, signal }))
          await stream.writeSSE({ id: String(id), event: body.kind, data: JSON.stringify(body) });
        left.abort();
        await beating;
      });
    },
  );
}
