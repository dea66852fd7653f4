import type { createAreaRoutes } from '../areas/areas.routes.ts';
import type { createClusterRoutes } from '../clusters/clusters.routes.ts';
import type { createDeviceRoutes } from '../devices/devices.routes.ts';
import type { createLiveEventRoutes } from '../live-events/live-events.routes.ts';
import type { createPeopleRoutes } from '../people/people.routes.ts';
import type { createProcedureRoutes } from '../procedures/procedures.routes.ts';
import { featureApp } from './problem.ts';

/** The routes of every feature that answers under /api/v1. A new feature adds its line here and in `createApi`. */
export interface ApiRoutes {
  readonly people: ReturnType<typeof createPeopleRoutes>;
  readonly areas: ReturnType<typeof createAreaRoutes>;
  readonly clusters: ReturnType<typeof createClusterRoutes>;
  readonly devices: ReturnType<typeof createDeviceRoutes>;
  readonly procedures: ReturnType<typeof createProcedureRoutes>;
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
    .route('/', routes.liveEvents);
}

/** What `hc<AppType>('/api/v1')` of the console is typed by. */
export type AppType = ReturnType<typeof createApi>;
