import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Clock,
  createLifecycle,
  type Lifecycle,
  type Logger,
  type Part,
  type RandomId,
  randomId,
  systemClock,
} from '@loa/kernel';
import { createEmbeddedBroker } from './broker/embedded-broker.ts';
import type { Config } from './config.ts';
import { keptSecret, prepareDataDir } from './data-dir.ts';
import { type OpenDatabase, openDatabase } from './db/database.ts';
import { createApi } from './http/api.ts';
import { createApp } from './http/app.ts';
import { createConsole } from './http/console.ts';
import { createMetrics } from './http/metrics.ts';
import type { Check } from './http/readiness.ts';
import { createHttpServer } from './http/server.ts';
import { createSystemRoutes } from './http/system.routes.ts';
import { createLiveEventRoutes } from './live-events/live-events.routes.ts';
import { createLiveEvents } from './live-events/live-events.service.ts';
import { createLogger } from './logger.ts';
import { createAccounts } from './people/accounts.ts';
import { createFirstSignIn } from './people/first-sign-in.service.ts';
import { createPeopleRoutes, createSignInRoute } from './people/people.routes.ts';
import { createPeople } from './people/people.service.ts';

/** The world outside, which tests replace. */
export interface Deps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly newId: RandomId;
}

/** Where a started controller is found. */
export interface Addresses {
  readonly httpUrl: string;
  /** As the controller itself reaches the broker. */
  readonly brokerUrl: string;
  /** The one-time link of a site that nobody has entered yet. */
  readonly firstSignInUrl: string | undefined;
}

/** A whole controller. */
export interface Controller {
  /** Starts everything; when one part fails, stops the others and throws its error. */
  start(): Promise<Addresses>;
  /** Stops everything within 5 s; returns the names of parts that did not stop. */
  stop(): Promise<readonly string[]>;
}

const CONSOLE_DIST = fileURLToPath(new URL('../web/dist', import.meta.url));

/** Creates a controller. Nothing happens before `start`. */
export function createController(config: Config, deps: Partial<Deps> = {}): Controller {
  const world: Deps = { clock: systemClock, log: createLogger(config.log.level), newId: randomId, ...deps };
  let starting: Promise<Assembled> | undefined;
  const begin = async (): Promise<Assembled> => {
    await prepareDataDir(config.dataDir);
    const database = await openDatabase(join(config.dataDir, 'loa.db'));
    const assembled = await assemble(config, world, database).catch(async (error: unknown) => {
      await database.close();
      throw error;
    });
    await assembled.lifecycle.start();
    return assembled;
  };
  return {
    async start() {
      starting ??= begin();
      return (await starting).addresses();
    },
    async stop() {
      const ending = starting;
      starting = undefined;
      const assembled = await ending?.catch(() => undefined); // its failure is told by `start`
      return (await assembled?.lifecycle.stop()) ?? [];
    },
  };
}

interface Assembled {
  readonly lifecycle: Lifecycle;
  addresses(): Addresses;
}

/** Builds every part from the leaves up. The order of `parts` is the order of starting. */
async function assemble(
  config: Config,
  { clock, log, newId }: Deps,
  database: OpenDatabase,
): Promise<Assembled> {
  const { db } = database;
  const { dataDir, site } = config;
  const ending = new AbortController();
  const metrics = createMetrics();
  const liveEvents = createLiveEvents({ db, clock });
  const publicUrl = () => (config.http.publicUrl ?? server.url()).replace(/\/$/, '');

  // People
  const accounts = createAccounts({
    db,
    secret: await keptSecret(dataDir, 'accounts-secret'),
    isHttps: config.http.publicUrl?.startsWith('https:') ?? false,
  });
  await accounts.migrate();
  const people = createPeople({ db, clock, accounts, publicUrl });
  const firstSignIn = createFirstSignIn({
    db,
    clock,
    newId,
    accounts,
    site: { name: site.name, dataDir, publicUrl },
  });

  // Broker
  const broker =
    config.broker.kind === 'embedded'
      ? createEmbeddedBroker({
          host: config.broker.host,
          port: config.broker.port,
          authenticate: async () => ({ role: 'refused' }),
          log: log.child({ part: 'broker' }),
          clock,
        })
      : undefined;
  const brokerUrl = () => (config.broker.kind === 'external' ? config.broker.url : (broker?.url() ?? ''));

  // HTTP
  const checks: Check[] = [
    { name: 'database', run: () => void database.raw.prepare('SELECT 1').get() },
    { name: 'broker', run: async () => void (await broker?.stats()) },
  ];
  const app = createApp(
    {
      people,
      api: createApi({
        people: createPeopleRoutes({ people, accounts }),
        liveEvents: createLiveEventRoutes({ liveEvents, clock, ending: ending.signal }),
      }),
      edge: [],
      pages: [
        createSystemRoutes({ checks, metrics }),
        createSignInRoute({ accounts, onSignedIn: firstSignIn.done }),
      ],
      console: createConsole(CONSOLE_DIST),
    },
    { log, newId, publicUrl: config.http.publicUrl },
  );
  const server = createHttpServer({ ...config.http, fetch: app.fetch, log: log.child({ part: 'http' }) });

  let firstSignInUrl: string | undefined;
  const parts: readonly Part[] = [
    { name: 'database', start() {}, stop: () => database.close() },
    ...(broker ? [broker] : []),
    server,
    {
      name: 'first sign-in',
      async start() {
        firstSignInUrl = await firstSignIn.offer();
      },
      stop() {},
    },
    { name: 'event streams', start() {}, stop: () => ending.abort() },
  ];
  return {
    lifecycle: createLifecycle(parts, { clock, log }),
    addresses: () => ({ httpUrl: server.url(), brokerUrl: brokerUrl(), firstSignInUrl }),
  };
}
