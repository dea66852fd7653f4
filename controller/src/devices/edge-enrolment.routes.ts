import { createRoute, z } from '@hono/zod-openapi';
import { enrolment, enrolRequest } from '@loa/contract';
import { AppError } from '@loa/kernel';
import type { ControllerErrorCode } from '../errors.ts';
import { open } from '../http/access.ts';
import { json } from '../http/json-body.ts';
import { featureApp } from '../http/problem.ts';
import type { Enrolments } from './enrolments.service.ts';
import type { RefusalGate } from './refusal-gate.ts';

/** How a box becomes known, under /edge/v1: open to all, for it has only a claim code yet. */
export function createEdgeEnrolmentRoutes({
  enrolments,
  gate,
}: {
  readonly enrolments: Enrolments;
  readonly gate: RefusalGate;
}) {
  /** Counts refusals by address, and refuses unseen once there were too many. */
  const guarded = async <T>(address: string | undefined, work: () => Promise<T>): Promise<T> => {
    const from = address ?? '';
    if (gate.isShut(from))
      throw new AppError<ControllerErrorCode>('too many refused requests: wait a minute', {
        code: 'edge/too-many',
        retryable: true,
      });
    try {
      return await work();
    } catch (error) {
      gate.countRefusal(from);
      throw error;
    }
  };
  return featureApp()
    .openapi(
      createRoute({
        ...open(),
        method: 'post',
        path: '/enrolments',
        request: { body: { required: true, ...json('', enrolRequest) } },
        responses: { 200: json('Decided', enrolment), 202: json('Waiting for a person', enrolment) },
      }),
      async (c) => {
        const answer = await guarded(c.get('peerAddress'), () => enrolments.request(c.req.valid('json')));
        return c.json(answer, answer.status === 'pending' ? 202 : 200);
      },
    )
    .openapi(
      createRoute({
        ...open(),
        method: 'get',
        path: '/enrolments/{id}',
        request: {
          params: z.object({ id: z.string().max(80) }),
          headers: z.object({ 'x-loa-claim': z.string().max(40).default('') }),
        },
        responses: { 200: json('Decided', enrolment), 202: json('Waiting for a person', enrolment) },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        const claimCode = c.req.valid('header')['x-loa-claim'];
        const answer = await guarded(c.get('peerAddress'), () => enrolments.poll(id, claimCode));
        return c.json(answer, answer.status === 'pending' ? 202 : 200);
      },
    );
}
