import { OpenAPIHono } from '@hono/zod-openapi';
import type { Problem } from '@loa/contract';
import { AppError, type Logger } from '@loa/kernel';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type ControllerErrorCode, ERROR_STATUS } from '../errors.ts';
import type { HttpEnv } from './access.ts';

const TITLES: Partial<Record<number, string>> = {
  400: 'Malformed request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  410: 'No longer there',
  413: 'Too large',
  422: 'Invalid request',
  503: 'Not ready',
};
const isKnown = (code: string): code is ControllerErrorCode => Object.hasOwn(ERROR_STATUS, code);

function respond(
  c: Context,
  code: string,
  status: ContentfulStatusCode,
  detail: string,
  fields?: Problem['fields'],
): Response {
  const body: Problem = {
    type: `urn:loa:problem:${code}`,
    title: TITLES[status] ?? 'Unexpected fault',
    status,
    code,
    detail,
    ...(fields ? { fields } : {}),
  };
  return c.body(JSON.stringify(body), status, { 'content-type': 'application/problem+json' });
}

/** Turns any fault into a problem document (RFC 9457); unexpected ones are logged here, once, and show no internals. */
export function onError(log: Logger) {
  return (error: Error, c: Context<HttpEnv>): Response => {
    if (error instanceof AppError && isKnown(error.code)) {
      const fields = error.details['fields'];
      return respond(
        c,
        error.code,
        ERROR_STATUS[error.code],
        error.message,
        Array.isArray(fields) ? fields : undefined,
      );
    }
    if (error instanceof HTTPException)
      return respond(
        c,
        error.status === 404 ? 'request/not-found' : 'request/malformed',
        error.status,
        error.message,
      );
    log.error(
      { err: error, path: c.req.path, requestId: c.get('requestId') },
      'a request failed unexpectedly',
    );
    return respond(
      c,
      'controller/unexpected',
      500,
      'something went wrong here; the log has the details under this request id',
    );
  };
}

/** Answers a path that no route serves. */
export function onNotFound(c: Context): Response {
  return respond(c, 'request/not-found', 404, `nothing is served at ${c.req.path}`);
}

/** Creates the sub-application of one feature: every one must carry the same answer to invalid input. */
export function featureApp(): OpenAPIHono<HttpEnv> {
  return new OpenAPIHono<HttpEnv>({
    defaultHook: (result, c) =>
      result.success
        ? undefined
        : respond(
            c,
            'request/invalid',
            422,
            `${result.error.issues.length} field(s) are not as wanted`,
            result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
          ),
  });
}
