import type { createLiveEventRoutes } from '../live-events/live-events.routes.ts';
import type { createPeopleRoutes } from '../people/people.routes.ts';
import { featureApp } from './problem.ts';

/** The routes of every feature that answers under /api/v1. A new feature adds its line here and in `createApi`. */
export interface ApiRoutes {
  readonly people: ReturnType<typeof createPeopleRoutes>;
  readonly liveEvents: ReturnType<typeof createLiveEventRoutes>;
}

/** Joins the features into one application whose type the console's client is made from. */
export function createApi(routes: ApiRoutes) {
  return featureApp().route('/', routes.people).route('/', routes.liveEvents);
}

/** What `hc<AppType>('/api/v1')` of the console is typed by. */
export type AppType = ReturnType<typeof createApi>;
