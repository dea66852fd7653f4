import { randomBytes } from 'node:crypto';
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
  Secret,
  systemClock,
} from '@loa/kernel';
import { createSpeech } from '@loa/media';
import { createAreaRoutes } from './areas/areas.routes.ts';
import { createAreas } from './areas/areas.service.ts';
import { createSiteBroker } from './broker/site-broker.ts';
import { createClusterRoutes } from './clusters/clusters.routes.ts';
import { createClusters } from './clusters/clusters.service.ts';
import type { Config } from './config.ts';
import { createContent } from './content.ts';
import { keptSecret, prepareDataDir } from './data-dir.ts';
import { type OpenDatabase, openDatabase } from './db/database.ts';
import { createClaims } from './devices/claims.service.ts';
import { CONTROLLER_USERNAME, createDeviceLink } from './devices/device-link.ts';
import { createDeviceRoutes } from './devices/devices.routes.ts';
import { createDevices } from './devices/devices.service.ts';
import { createEdgeEnrolmentRoutes } from './devices/edge-enrolment.routes.ts';
import { createEnrolments } from './devices/enrolments.service.ts';
import { createRefusalGate } from './devices/refusal-gate.ts';
import { createHoldRoutes } from './holds/hold.routes.ts';
import { housekeepingJobs } from './housekeeping/housekeeping-jobs.ts';
import { createApi } from './http/api.ts';
import { createApp } from './http/app.ts';
import { createConsole } from './http/console.ts';
import { createRequireBox } from './http/edge-access.ts';
import { createMetrics } from './http/metrics.ts';
import type { Check } from './http/readiness.ts';
import { createHttpServer } from './http/server.ts';
import { createSystemRoutes } from './http/system.routes.ts';
import { createJobs, type Job } from './jobs/jobs.ts';
import { createLedgerRoutes } from './ledger/ledger.routes.ts';
import { createLiveEventRoutes } from './live-events/live-events.routes.ts';
import { createLiveEvents } from './live-events/live-events.service.ts';
import { createLogger } from './logger.ts';
import { createWire } from './mqtt/wire.ts';
import { createEdgeOrderRoutes } from './orders/edge-order.routes.ts';
import { createRestoreRoutes } from './orders/restore.routes.ts';
import { loadSiteKeys } from './orders/site-keys.service.ts';
import { createAccounts } from './people/accounts.ts';
import { createFirstSignIn } from './people/first-sign-in.service.ts';
import { createPeopleRoutes, createSignInRoute } from './people/people.routes.ts';
import { createPeople } from './people/people.service.ts';
import { createPolicyRoutes } from './plans/policy.routes.ts';
import { createProcedureRoutes } from './procedures/procedures.routes.ts';
import { createProcedures } from './procedures/procedures.service.ts';
import { seedProcedures } from './procedures/seed-procedures.service.ts';
import { listActiveSeries } from './series/active-series.service.ts';
import { openSampleStore } from './telemetry/sample.store.ts';
import { openTranscoding } from './transcoding.ts';

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
  let assembled: Assembled | undefined;
  let starting: Promise<Addresses> | undefined;
  const begin = async (): Promise<Addresses> => {
    await prepareDataDir(config.dataDir);
    const database = await openDatabase(join(config.dataDir, 'loa.db'));
    const built = await assemble(config, world, database).catch(async (error: unknown) => {
      await database.close();
      throw error;
    });
    assembled = built;
    await built.lifecycle.start();
    return built.addresses();
  };
  return {
    start() {
      starting ??= begin();
      return starting;
    },
    async stop() {
      if (!assembled) await starting?.catch(() => {}); // its failure is told by `start`
      const ending = assembled;
      assembled = undefined;
      const hung = (await ending?.lifecycle.stop()) ?? [];
      starting = undefined;
      return hung;
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

  // Broker: a box shows its link key, the controller a password that lives as long as this run
  const controllerPassword = new Secret(randomBytes(32).toString('base64url'));
  const deviceLink = createDeviceLink({ db, controllerPassword });
  const broker = createSiteBroker(config.broker, {
    authenticate: deviceLink.authenticateLink,
    controller: { username: CONTROLLER_USERNAME, password: controllerPassword },
    clock,
    log: log.child({ part: 'broker' }),
  });

  // The wire to the boxes
  const keys = await loadSiteKeys({ db, dataDir, siteName: site.name, clock, newId, log });
  const wire = createWire(
    { db, clock, log, newId, liveEvents, metrics, random: Math.random },
    {
      keys,
      samples: openSampleStore(join(dataDir, 'telemetry.db')),
      site,
      login: broker.login,
      listActiveSeries,
    },
  );

  // Places and procedures
  await seedProcedures({ db, clock, newId });
  const procedures = createProcedures({ db, clock });
  const areas = createAreas({ db, clock, newId });
  const clusters = createClusters({ db, clock, newId, onChanged: wire.planner.replan });

  // Boxes
  const enrolments = createEnrolments({ db, clock, newId, keys, mqttUrl: broker.publicUrl });
  const devices = createDevices({
    db,
    clock,
    newId,
    onChanged({ clusterId, ended }) {
      wire.planner.replan([clusterId]);
      if (ended !== undefined) broker.disconnect(ended);
    },
  });

  // Sound
  const { transcoder, missing: noFfmpeg } = await openTranscoding({
    ffmpegPath: config.media.ffmpegPath,
    clock,
    log: log.child({ part: 'transcoder' }),
  });
  const speech = await createSpeech({ env: {}, clock, log: log.child({ part: 'speech' }) });
  const requireBox = createRequireBox(deviceLink.activeBox);
  const content = createContent(
    { db, clock, log, newId, liveEvents },
    {
      dataDir,
      site,
      transcoder,
      speech,
      procedures,
      requireBox,
      planner: wire.planner,
      policies: wire.policies,
    },
  );

  // Housekeeping
  const nightly = (name: string, cron: string, work: () => unknown): Job => ({
    name,
    cron,
    timeZone: site.timeZone,
    run: async () => void (await work()),
  });
  const jobs = createJobs({
    clock,
    log: log.child({ part: 'jobs' }),
    jobs: [
      ...housekeepingJobs({
        database,
        folder: join(dataDir, 'backups'),
        keep: config.keep,
        timeZone: site.timeZone,
        liveEvents,
        world: { clock, log },
      }),
      nightly('plan horizon', '5 0 * * *', () => wire.planner.extendHorizon()),
      nightly('telemetry retention', '50 1 * * *', () => wire.telemetry.prune()),
    ],
  });

  // HTTP
  const checks: Check[] = [
    { name: 'database', run: () => void database.raw.prepare('SELECT 1').get() },
    {
      name: 'broker',
      run: () => (wire.link.isOnline() ? undefined : 'there is no connection to the broker'),
    },
    { name: 'ffmpeg', run: () => noFfmpeg },
  ];
  const app = createApp(
    {
      people,
      api: createApi({
        people: createPeopleRoutes({ people, accounts }),
        areas: createAreaRoutes({ areas }),
        clusters: createClusterRoutes({ clusters }),
        devices: createDeviceRoutes({ claims: createClaims({ db, clock, newId }), devices }),
        procedures: createProcedureRoutes({ procedures }),
        ...content.routes,
        policy: createPolicyRoutes({ policies: wire.policies, db }),
        holds: createHoldRoutes({ holds: wire.holds }),
        ledger: createLedgerRoutes({ ledger: wire.ledger, timeZone: site.timeZone }),
        restore: createRestoreRoutes({
          restore: wire.restore,
          onReviewed: () => wire.planner.replan('all'),
        }),
        liveEvents: createLiveEventRoutes({ liveEvents, clock, ending: ending.signal }),
      }),
      edge: [
        createEdgeEnrolmentRoutes({ enrolments, gate: createRefusalGate(clock) }),
        createEdgeOrderRoutes({ db, restore: wire.restore, requireBox }),
        content.edge,
      ],
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
    transcoder,
    ...content.parts,
    ...broker.parts,
    ...wire.parts,
    server,
    jobs,
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
    addresses: () => ({ httpUrl: server.url(), brokerUrl: broker.url(), firstSignInUrl }),
  };
}
