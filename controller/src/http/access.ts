import { AppError } from '@loa/kernel';
import type { Context, MiddlewareHandler } from 'hono';
import type { ControllerErrorCode } from '../errors.ts';

/** What a route may ask of a person. Closed: a test walks the OpenAPI document and fails on a route without one. */
export const PERMISSIONS = [
  'content:read', // see areas, clusters, bulletins, schedules, outcomes
  'content:write', // write and submit bulletins, place series
  'content:approve', // approve or return what somebody else submitted
  'site:write', // areas, clusters, boxes, procedures' verification
  'people:write', // accounts and roles
  'broadcast:hold', // silence and release
  'broadcast:emergency', // order or confirm an emergency
  'audit:read',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** What each role may do, inside its subtree of areas. */
export const ROLES = {
  admin: ['content:read', 'site:write', 'people:write', 'broadcast:hold', 'audit:read'],
  author: ['content:read', 'content:write', 'broadcast:hold'],
  approver: ['content:read', 'content:approve', 'broadcast:hold', 'broadcast:emergency', 'audit:read'],
} as const satisfies Record<string, readonly Permission[]>;
export type Role = keyof typeof ROLES;

/** A signed-in person, with the roles granted on subtrees of areas. */
export interface Actor {
  readonly userId: string;
  readonly name: string;
  readonly grants: ReadonlyArray<{ readonly role: Role; readonly areaId: string }>;
}

/** A box that proved who it is. */
export interface Box {
  readonly id: string;
  readonly clusterId: string;
}

/** What every request carries; `actor` is absent when nobody is signed in, `device` when it is not a box that asks. */
export interface HttpEnv {
  Variables: {
    actor: Actor | undefined;
    device: Box | undefined;
    requestId: string;
    peerAddress: string | undefined;
  };
}

/** Tells whether one of the actor's roles allows it anywhere. Services check the area. */
function may(actor: Actor, permission: Permission): boolean {
  return actor.grants.some(({ role }) => (ROLES[role] as readonly Permission[]).includes(permission));
}

/**
 * Returns the signed-in person.
 * @throws {AppError} people/signed-out when nobody is.
 */
export function actorOf(c: Context<HttpEnv>): Actor {
  const actor = c.get('actor');
  if (!actor)
    throw new AppError<ControllerErrorCode>('sign in first: open your sign-in link or log in', {
      code: 'people/signed-out',
    });
  return actor;
}

/** The part of every route definition that says who may use it: spread it into `createRoute({ ...permitted('content:read'), … })`. */
export function permitted(permission: Permission): {
  readonly 'x-loa-permission': Permission;
  readonly middleware: MiddlewareHandler<HttpEnv>;
} {
  return {
    'x-loa-permission': permission,
    middleware: async (c, next) => {
      if (!may(actorOf(c), permission))
        throw new AppError<ControllerErrorCode>(`your account may not do this (it needs ${permission})`, {
          code: 'people/forbidden',
          details: { permission },
        });
      await next();
    },
  };
}

/** The same for the few routes that anybody may use: health, sign-in, the console's own files. */
export function open(): { readonly 'x-loa-permission': 'open' } {
  return { 'x-loa-permission': 'open' };
}
