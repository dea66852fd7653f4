import { createRoute, z } from '@hono/zod-openapi';
import { AppError } from '@loa/kernel';
import type { Context } from 'hono';
import { type ControllerErrorCode, ERROR_STATUS } from '../errors.ts';
import { actorOf, type HttpEnv, open, permitted, ROLES, type Role } from '../http/access.ts';
import { json } from '../http/json-body.ts';
import { featureApp } from '../http/problem.ts';
import { oneLine } from '../one-line.schema.ts';
import type { Accounts } from './accounts.ts';
import type { People } from './people.service.ts';

const role = z.enum(Object.keys(ROLES) as [Role, ...Role[]]);
const grant = z.object({ role, areaId: z.string() });
const person = z
  .object({ id: z.string(), name: z.string(), grants: z.array(grant).readonly() })
  .openapi('Person');
const link = z
  .object({ url: z.string(), expiresAtMs: z.int() })
  .openapi('SignInLink', { description: 'Shown once: whoever opens it first is signed in as this person.' });
const newPerson = z.object({
  name: oneLine(100).openapi({ example: 'Nguyễn Thị Lan' }),
  role: role.openapi({ example: 'author' }),
  areaId: z.string(),
});

/** Accounts, roles and who is signed in, under /api/v1. */
export function createPeopleRoutes({
  people,
  accounts,
}: {
  readonly people: People;
  readonly accounts: Accounts;
}) {
  return featureApp()
    .openapi(
      createRoute({
        ...open(),
        method: 'get',
        path: '/me',
        responses: { 200: json('Who is signed in', person) },
      }),
      (c) => {
        const { userId, name, grants } = actorOf(c);
        return c.json({ id: userId, name, grants }, 200);
      },
    )
    .openapi(
      createRoute({
        ...open(),
        method: 'post',
        path: '/sign-out',
        responses: { 204: { description: 'Signed out' } },
      }),
      async (c) => {
        for (const cookie of await accounts.signOut(c.req.raw.headers))
          c.header('set-cookie', cookie, { append: true });
        return c.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        ...permitted('people:write'),
        method: 'get',
        path: '/people',
        responses: { 200: json('All accounts', z.object({ people: z.array(person).readonly() })) },
      }),
      async (c) => c.json({ people: await people.list() }, 200),
    )
    .openapi(
      createRoute({
        ...permitted('people:write'),
        method: 'post',
        path: '/people',
        request: { body: { required: true, ...json('', newPerson) } },
        responses: { 201: json('The account and its first sign-in link', z.object({ person, link })) },
      }),
      async (c) => c.json(await people.create(actorOf(c), c.req.valid('json'), c.get('requestId')), 201),
    )
    .openapi(
      createRoute({
        ...permitted('people:write'),
        method: 'post',
        path: '/people/{id}/sign-in-link',
        request: { params: z.object({ id: z.string() }) },
        responses: { 201: json('A new one-time link', z.object({ link })) },
      }),
      async (c) =>
        c.json({ link: await people.newLink(actorOf(c), c.req.valid('param').id, c.get('requestId')) }, 201),
    );
}

/** The page that a one-time link opens: signs in and goes on to the console. */
export function createSignInRoute({
  accounts,
  onSignedIn,
}: {
  readonly accounts: Accounts;
  readonly onSignedIn: () => Promise<void>;
}) {
  return featureApp().openapi(
    createRoute({
      ...open(),
      method: 'get',
      path: '/sign-in',
      request: { query: z.object({ token: z.string().max(200) }) },
      responses: {
        302: { description: 'Signed in; goes on to the console' },
        410: { description: 'The link was used, has expired or never was' },
      },
    }),
    async (c) => {
      const result = await accounts.redeem(c.req.valid('query').token, c.get('peerAddress'));
      switch (result.kind) {
        case 'signed-in':
          for (const cookie of result.cookies) c.header('set-cookie', cookie, { append: true });
          await onSignedIn();
          return c.redirect('/', 302);
        case 'used':
          return refuse(
            c,
            'people/link-used',
            'Liên kết đăng nhập này đã được dùng hoặc đã hết hạn. Hãy xin người quản trị một liên kết mới.',
          );
        case 'too-many':
          return refuse(
            c,
            'people/too-many',
            'Có quá nhiều lần thử đăng nhập. Hãy đợi một phút rồi thử lại.',
          );
      }
    },
  );
}

/** A person gets a page, a program a problem document. */
function refuse(
  c: Context<HttpEnv>,
  code: 'people/link-used' | 'people/too-many',
  sentence: string,
): Response {
  if (!c.req.header('accept')?.includes('text/html'))
    throw new AppError<ControllerErrorCode>(sentence, { code });
  const page = `<!doctype html><html lang="vi"><meta charset="utf-8"><title>Loa</title><p>${sentence}</p></html>`;
  return c.html(page, ERROR_STATUS[code]);
}
