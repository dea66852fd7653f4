import { AppError } from '@loa/kernel';
import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { ControllerErrorCode } from '../errors.ts';
import type { HttpEnv } from './access.ts';

/** Headers by which a browser runs nothing but our own files, and shows us inside nobody's frame. */
export function safeHeaders(isHttps: boolean): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"], // Mantine writes its variables into a style element
      imgSrc: ["'self'", 'data:', 'blob:'],
      mediaSrc: ["'self'", 'blob:'],
      connectSrc: ["'self'"],
      workerSrc: ["'self'", 'blob:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
    referrerPolicy: 'same-origin', // a sign-in link carries its token in the address
    crossOriginResourcePolicy: 'same-origin',
    xFrameOptions: 'DENY',
    strictTransportSecurity: isHttps ? 'max-age=31536000' : false,
  });
}

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Refuses a change that another site's page asks for with our visitor's cookie. Programs send no Origin and no cookie of ours.
 * @param publicUrl where a proxy shows the controller; without one the Host header tells.
 */
export function ownOriginOnly(publicUrl: string | undefined): MiddlewareHandler<HttpEnv> {
  const publicOrigin = publicUrl === undefined ? undefined : new URL(publicUrl).origin;
  return async (c, next) => {
    const origin = c.req.header('origin');
    if (!SAFE_METHODS.includes(c.req.method) && origin !== undefined) {
      const own = [publicOrigin, new URL(c.req.url).origin];
      if (!own.includes(origin))
        throw new AppError<ControllerErrorCode>(
          `a page of ${origin} may not make changes here: open the console at its own address`,
          { code: 'people/wrong-origin', details: { origin } },
        );
    }
    await next();
  };
}
