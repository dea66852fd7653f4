import type { Clock, Logger, Part, RandomId } from '@loa/kernel';
import type { SpeechEngine, Transcoder } from '@loa/media';
import { createApprovalRoutes } from './approvals/approvals.routes.ts';
import { createApprovals } from './approvals/approvals.service.ts';
import { createBulletinRoutes } from './bulletins/bulletins.routes.ts';
import { createBulletins } from './bulletins/bulletins.service.ts';
import { createExplainers } from './bulletins/explainers.service.ts';
import { createRenderVariant } from './bulletins/render-variant.ts';
import { createRendering } from './bulletins/rendering.service.ts';
import type { Db } from './db/database.ts';
import type { LiveEvents } from './live-events/live-events.service.ts';
import type { Planner } from './plans/planner.service.ts';
import type { Policies } from './plans/policy.service.ts';
import type { Procedures } from './procedures/procedures.service.ts';
import { createDryRun } from './series/dry-run.service.ts';
import { createSeriesRoutes } from './series/series.routes.ts';
import { createSeriesDesk } from './series/series-desk.service.ts';
import { createEdgeMediaRoutes, createSoundRoutes } from './sounds/sounds.routes.ts';
import { createSounds } from './sounds/sounds.service.ts';
import { createTodayRoutes } from './today/today.routes.ts';
import { createToday } from './today/today.service.ts';

/** What content needs of the rest of the controller. */
export interface ContentNeeds {
  readonly dataDir: string;
  readonly site: { readonly name: string; readonly timeZone: string };
  readonly transcoder: Transcoder;
  readonly speech: SpeechEngine;
  readonly procedures: Pick<Procedures, 'get'>;
  readonly planner: Planner;
  readonly policies: Pick<Policies, 'current'>;
  readonly requireBox: Parameters<typeof createEdgeMediaRoutes>[0]['requireBox'];
}

/** Builds the way of a bulletin from its first word to the calendar, and the day's overview. */
export function createContent(
  world: {
    readonly db: Db;
    readonly clock: Clock;
    readonly log: Logger;
    readonly newId: RandomId;
    readonly liveEvents: LiveEvents;
  },
  { dataDir, site, transcoder, speech, procedures, planner, policies, requireBox }: ContentNeeds,
) {
  const { db, clock, newId, liveEvents } = world;
  const { timeZone } = site;
  const onVoided = () => planner.replan('all'); // what was approved is taken from every box
  const sounds = createSounds({ db, clock, dataDir, transcoder });
  const rendering = createRendering({
    db,
    clock,
    log: world.log.child({ part: 'rendering' }),
    liveEvents,
    renderVariant: createRenderVariant({ sounds, speech }),
  });
  const on = { queued: rendering.wake, voided: onVoided };
  const bulletins = createBulletins({ db, clock, newId, liveEvents, sounds, on });
  const explainers = createExplainers({ clock, procedures, bulletins, timeZone });
  const approvals = createApprovals({ db, clock, newId, liveEvents, onVoided });
  const series = createSeriesDesk({ db, clock, newId, liveEvents, planner, timeZone });
  const dryRun = createDryRun({ db, clock, policies, timeZone });
  const parts: readonly Part[] = [speech, rendering];
  return {
    /** Start them after the transcoder. */
    parts,
    routes: {
      sounds: createSoundRoutes({ sounds }),
      bulletins: createBulletinRoutes({ bulletins, explainers }),
      approvals: createApprovalRoutes({ approvals }),
      series: createSeriesRoutes({ series, dryRun }),
      today: createTodayRoutes({ today: createToday({ db, clock, site }) }),
    },
    edge: createEdgeMediaRoutes({ sounds, requireBox }),
  };
}
