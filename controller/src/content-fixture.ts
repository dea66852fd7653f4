import { createHash } from 'node:crypto';
import { sha256 } from '@loa/contract';
import { AppError } from '@loa/kernel';
import { countingId } from '@loa/kernel/testing';
import { aPolicy } from '@loa/schedules/testing';
import { onTestFinished } from 'vitest';
import { createApprovalRoutes } from './approvals/approvals.routes.ts';
import { createApprovals } from './approvals/approvals.service.ts';
import { createBulletinRoutes } from './bulletins/bulletins.routes.ts';
import { createBulletins } from './bulletins/bulletins.service.ts';
import { createExplainers } from './bulletins/explainers.service.ts';
import type { RenderVariant } from './bulletins/render-variant.ts';
import { createRendering } from './bulletins/rendering.service.ts';
import { spokenWords } from './bulletins/spoken-words.ts';
import { createClusterStore } from './clusters/cluster.store.ts';
import { type Ask, siteInMemory } from './http/app-fixture.ts';
import { featureApp } from './http/problem.ts';
import { createLiveEventStore } from './live-events/live-event.store.ts';
import { createLiveEvents, type LiveEventBody } from './live-events/live-events.service.ts';
import { createProcedures } from './procedures/procedures.service.ts';
import { seedProcedures } from './procedures/seed-procedures.service.ts';
import { createDryRun } from './series/dry-run.service.ts';
import { createSeriesRoutes } from './series/series.routes.ts';
import { createSeriesDesk } from './series/series-desk.service.ts';
import { createTodayRoutes } from './today/today.routes.ts';
import { createToday } from './today/today.service.ts';

/** The zone of the site; the fake clock begins there on Monday 2026-01-05 at 07:00. */
const TIME_ZONE = 'Asia/Ho_Chi_Minh';

/** A sound of 10 s for each text, whose hash depends on the text alone; "hỏng" cannot be spoken. */
export const renderFromText: RenderVariant = async ({ language, segments }, { onSound }) => {
  const texts = segments.flatMap((segment) =>
    segment.kind === 'speech' ? [spokenWords(segment, language).spoken] : [],
  );
  if (texts.includes('hỏng')) throw new AppError('the voice failed', { code: 'media/speech-failed' });
  for (const _ of texts) await onSound();
  return {
    language,
    parts: texts.map((_, sound) => ({ kind: 'sound' as const, sound, language })),
    sounds: texts.map((text) => ({
      sha256: sha256.parse(createHash('sha256').update(text).digest('hex')),
      bytes: 30_000,
      durationMs: 10_000,
    })),
    spokenText: texts.join('\n'),
    durationMs: 10_000 * texts.length,
  };
};

/**
 * A site with the features of content on real parts, but for the sounds themselves. Two hamlets with a cluster each
 * (`clu_dong`, `clu_tay`); an author and a leader of the whole commune.
 */
export async function contentSite({
  renderVariant = renderFromText,
}: {
  renderVariant?: RenderVariant;
} = {}) {
  const site = await siteInMemory();
  const { db, clock, log } = site;
  const newId = countingId();
  const liveEvents = createLiveEvents({ db, clock });
  const replanned: (readonly string[] | 'all')[] = [];
  const planner = {
    replan: (ids: readonly string[] | 'all') => void replanned.push(ids),
    settle: async () => {},
  };
  const rendering = createRendering({ db, clock, log, liveEvents, renderVariant });
  onTestFinished(() => rendering.stop(AbortSignal.timeout(1_000)));
  rendering.start();
  await seedProcedures({ db, clock, newId });
  const onVoided = () => planner.replan('all');
  const unknownSound = () => Promise.reject(new AppError('no such sound', { code: 'sound/unknown' }));
  const bulletins = createBulletins({
    ...{ db, clock, newId, liveEvents, sounds: { get: unknownSound } },
    on: { queued: rendering.wake, voided: onVoided },
  });
  const procedures = createProcedures({ db, clock });
  const policies = { current: async () => ({ policy: aPolicy() as never, isDefault: true }) };
  const api = featureApp()
    .route(
      '/',
      createBulletinRoutes({
        bulletins,
        explainers: createExplainers({ clock, procedures, bulletins, timeZone: TIME_ZONE }),
      }),
    )
    .route(
      '/',
      createApprovalRoutes({ approvals: createApprovals({ db, clock, newId, liveEvents, onVoided }) }),
    )
    .route(
      '/',
      createSeriesRoutes({
        series: createSeriesDesk({ db, clock, newId, liveEvents, planner, timeZone: TIME_ZONE }),
        dryRun: createDryRun({ db, clock, policies, timeZone: TIME_ZONE }),
      }),
    )
    .route(
      '/',
      createTodayRoutes({
        today: createToday({ db, clock, site: { name: 'Vĩnh Quang', timeZone: TIME_ZONE } }),
      }),
    );
  const { somebody } = site.serve({ api });
  await addCluster('clu_dong', 'are_dong');
  await addCluster('clu_tay', 'are_tay');

  function addCluster(id: string, areaId: string): Promise<void> {
    return createClusterStore(db).add({
      ...{ id, area_id: areaId, name: id, languages: '["vi"]', gain_db: 0, calibration_ms: 0, warm_up_ms: 0 },
      ...{ latitude: null, longitude: null, tags: '[]', retired_ms: null, created_ms: 0 },
    });
  }
  /** Resolves once a live event after `afterId` is as wanted. */
  async function event(afterId: number, wanted: (body: LiveEventBody) => boolean): Promise<void> {
    const ending = new AbortController();
    for await (const { body } of liveEvents.follow({ signal: ending.signal, afterId }))
      if (wanted(body)) return;
  }
  /** Writes a bulletin and waits until it is rendered, or failed. */
  async function written(as: Ask, text = 'Mời bà con họp thôn.', areaId = 'are_root') {
    const variants = [{ language: 'vi', segments: [{ kind: 'speech', text }] }];
    const { body } = await as('POST', '/api/v1/bulletins', { areaId, title: 'Họp thôn', variants });
    return rendered(as, body.id);
  }
  async function rendered(as: Ask, id: string) {
    const before = await createLiveEventStore(db).lastId();
    await as('POST', `/api/v1/bulletins/${id}/render`);
    await event(
      before,
      (body) =>
        body.kind === 'bulletin' && body.bulletinId === id && ['ready', 'failed'].includes(body.state),
    );
    return (await as('GET', `/api/v1/bulletins/${id}`)).body;
  }
  const author = await somebody('author');
  const leader = await somebody('approver');
  return {
    ...site,
    liveEvents,
    rendering,
    replanned,
    addCluster,
    event,
    somebody,
    written,
    rendered,
    author,
    leader,
  };
}

/** Everything in the commune, in the first half of January, from 05:00 to 06:00. */
export const SUBMISSION = {
  targets: { areas: ['are_root'] },
  firstDate: '2026-01-05',
  lastDate: '2026-01-18',
  windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '05:00', to: '06:00' }],
};
