import { randomId, Secret } from '@loa/kernel';
import { fakeClock, memoryLogger } from '@loa/kernel/testing';
import type { Hono } from 'hono';
import { onTestFinished } from 'vitest';
import { createAreaStore } from '../areas/area.store.ts';
import { type Db, openDatabase } from '../db/database.ts';
import { createAccounts } from '../people/accounts.ts';
import { createPeople } from '../people/people.service.ts';
import { createPeopleStore } from '../people/people.store.ts';
import type { HttpEnv, Role } from './access.ts';
import { createApp } from './app.ts';
import { createConsole } from './console.ts';
import { featureApp } from './problem.ts';

/** What an answer was, read once. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into JSON of many shapes
  readonly body: any;
}

/** Asks the application as somebody, or as nobody. */
export type Ask = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>;

/** better-auth counts tries by address for the whole process: each site of a test has an address of its own. */
let sites = 0;

/**
 * A site in memory with a root area, a hamlet inside it and another commune's branch beside that hamlet: real database,
 * real accounts, the real application around the features that `features` makes. Ends with the test.
 */
export async function siteInMemory() {
  const { db, raw, close } = await openDatabase(':memory:');
  onTestFinished(close);
  const clock = fakeClock();
  const peer = { remoteAddress: `192.0.2.${++sites}`, remotePort: 1, remoteFamily: 'IPv4' };
  const log = memoryLogger();
  const accounts = createAccounts({ db, secret: new Secret('s'.repeat(43)), isHttps: false });
  await accounts.migrate();
  const people = createPeople({ db, clock, accounts, publicUrl: () => 'http://loa.test' });
  await addArea(db, 'are_root', null, 'Xã Vĩnh Quang');
  await addArea(db, 'are_dong', 'are_root', 'Thôn Đông');
  await addArea(db, 'are_tay', 'are_root', 'Thôn Tây');

  /** Mounts features and returns who may ask them. */
  const serve = (parts: { api?: Hono<HttpEnv>; edge?: Hono<HttpEnv>[]; pages?: Hono<HttpEnv>[] }) => {
    const app = createApp(
      {
        people,
        api: parts.api ?? featureApp(),
        edge: parts.edge ?? [],
        pages: parts.pages ?? [],
        console: createConsole('/nowhere'),
      },
      { log, newId: randomId, publicUrl: undefined },
    );
    const askWith =
      (cookie: string): Ask =>
      async (method, path, body, headers = {}) => {
        const init = {
          method,
          headers: {
            ...(cookie ? { cookie } : {}),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...headers,
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        };
        const response = await app.request(`http://loa.test${path}`, init, { incoming: { socket: peer } });
        const text = await response.text();
        const isJson = response.headers.get('content-type')?.includes('json') ?? false;
        return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
      };
    /** Makes an account with one role and returns its cookie. */
    const cookieFor = async (role: Role, areaId = 'are_root'): Promise<string> => {
      const userId = await accounts.create(`${role} in ${areaId}`);
      const store = createPeopleStore(db);
      await store.grant(userId, { role, areaId }, 0);
      const { email } = (await store.find(userId)) ?? { email: '' };
      const redeemed = await accounts.redeem(await accounts.makeToken(email), peer.remoteAddress);
      return redeemed.kind === 'signed-in' ? cookieOf(redeemed.cookies) : '';
    };
    return {
      app,
      nobody: askWith(''),
      withCookies: askWith,
      cookieFor,
      somebody: async (role: Role, areaId?: string): Promise<Ask> => askWith(await cookieFor(role, areaId)),
    };
  };
  return { db, raw, clock, log, accounts, people, serve };
}

/** Returns what a browser would send back for these cookies. */
export function cookieOf(setCookies: readonly string[]): string {
  return setCookies.map((cookie) => cookie.split(';')[0]).join('; ');
}

function addArea(db: Db, id: string, parentId: string | null, name: string): Promise<void> {
  return createAreaStore(db).add({
    id,
    parent_id: parentId,
    name,
    kind: 'Thôn',
    merged_into: null,
    created_ms: 0,
  });
}
