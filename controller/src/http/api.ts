import type { createApprovalRoutes } from '../approvals/approvals.routes.ts';
import type { createAreaRoutes } from '../areas/areas.routes.ts';
import type { createBulletinRoutes } from '../bulletins/bulletins.routes.ts';
import type { createClusterRoutes } from '../clusters/clusters.routes.ts';
import type { createDeviceRoutes } from '../devices/devices.routes.ts';
import type { createHoldRoutes } from '../holds/hold.routes.ts';
import type { createLedgerRoutes } from '../ledger/ledger.routes.ts';
import type { createLiveEventRoutes } from '../live-events/live-events.routes.ts';
import type { createRestoreRoutes } from '../orders/restore.routes.ts';
import type { createPeopleRoutes } from '../people/people.routes.ts';
import type { createPolicyRoutes } from '../plans/policy.routes.ts';
import type { createProcedureRoutes } from '../procedures/procedures.routes.ts';
import type { createSeriesRoutes } from '../series/series.routes.ts';
import type { createSoundRoutes } from '../sounds/sounds.routes.ts';
import type { createTodayRoutes } from '../today/today.routes.ts';
import { featureApp } from './problem.ts';

/** The routes of every feature that answers under /api/v1. A new feature adds its line here and in `createApi`. */
export interface ApiRoutes {
  readonly people: ReturnType<typeof createPeopleRoutes>;
  readonly areas: ReturnType<typeof createAreaRoutes>;
  readonly clusters: ReturnType<typeof createClusterRoutes>;
  readonly devices: ReturnType<typeof createDeviceRoutes>;
  readonly procedures: ReturnType<typeof createProcedureRoutes>;
  readonly sounds: ReturnType<typeof createSoundRoutes>;
  readonly bulletins: ReturnType<typeof createBulletinRoutes>;
  readonly approvals: ReturnType<typeof createApprovalRoutes>;
  readonly series: ReturnType<typeof createSeriesRoutes>;
  readonly today: ReturnType<typeof createTodayRoutes>;
  readonly policy: ReturnType<typeof createPolicyRoutes>;
  readonly holds: ReturnType<typeof createHoldRoutes>;
  readonly ledger: ReturnType<typeof createLedgerRoutes>;
  readonly restore: ReturnType<typeof createRestoreRoutes>;
  readonly liveEvents: ReturnType<typeof createLiveEventRoutes>;
}

/** Joins the features into one application whose type the console's client is made from. */
export function createApi(routes: ApiRoutes) {
  return featureApp()
    .route('/', routes.people)
    .route('/', routes.areas)
    .route('/', routes.clusters)
    .route('/', routes.devices)
    .route('/', routes.procedures)
    .route('/', routes.sounds)
    .route('/', routes.bulletins)
    .route('/', routes.approvals)
    .route('/', routes.series)
    .route('/', routes.today)
    .route('/', routes.policy)
    .route('/', routes.holds)
    .route('/', routes.ledger)
    .route('/', routes.restore)
    .route('/', routes.liveEvents);
}

/** What `hc<AppType>('/api/v1')` of the console is typed by. */
export type AppType = ReturnType<typeof createApi>;
