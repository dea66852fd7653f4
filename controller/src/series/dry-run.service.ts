import { AppError, type Clock } from '@loa/kernel';
import { type Compiled, compile, reasonText } from '@loa/schedules';
import { createBulletinStore } from '../bulletins/bulletin.store.ts';
import { type ClusterRow, createClusterStore } from '../clusters/cluster.store.ts';
import { resolveTargets } from '../clusters/targets.service.ts';
import type { Db } from '../db/database.ts';
import type { ControllerErrorCode } from '../errors.ts';
import { planHorizon } from '../plans/horizon.ts';
import { asOccurrence, createOccurrenceStore } from '../plans/occurrence.store.ts';
import type { Policies } from '../plans/policy.service.ts';
import { spokenItem } from '../plans/spoken-item.ts';
import { listActiveSeries, type PlannableSeries, toVariant } from './active-series.service.ts';
import { rulesFor } from './rules-by-class.ts';
import type { DryRunView } from './series.schema.ts';
import { type SeriesDraft, scheduleOf } from './series-draft.ts';

/** Says what placing a series would do, and changes nothing. */
export interface DryRun {
  /** Takes the draft as if it were approved. @throws {AppError} bulletin/unknown, bulletin/not-rendered */
  try(bulletinId: string, draft: SeriesDraft): Promise<DryRunView>;
}

const CANDIDATE = 'dry-run';
const MAX_ROWS = 200;

/** Creates the dry run on the main database. */
export function createDryRun({
  db,
  clock,
  policies,
  timeZone,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly policies: Pick<Policies, 'current'>;
  readonly timeZone: string;
}): DryRun {
  return {
    async try(bulletinId, draft) {
      const nowMs = clock.now().epochMilliseconds;
      const horizon = planHorizon(nowMs, timeZone);
      const candidate = await asIfApproved(db, bulletinId, draft, timeZone);
      const series = [...(await listActiveSeries(db)), candidate];
      const { policy } = await policies.current(db);
      const compileOn = async (cluster: ClusterRow): Promise<Compiled> => {
        const languages = JSON.parse(cluster.languages) as string[];
        const rows = await createOccurrenceStore(db).known(cluster.id, horizon.fromMs, horizon.untilMs);
        return compile({
          series: series
            .filter(({ clusterIds }) => clusterIds.includes(cluster.id))
            .flatMap((one) => {
              const item = spokenItem(one, languages);
              return item ? [{ ...one, clusterIds: [cluster.id], plannedMs: item.plannedMs }] : [];
            }),
          policies: new Map([[cluster.id, policy]]),
          nowMs,
          horizon,
          known: rows.flatMap((row) => asOccurrence(row) ?? []),
        });
      };
      const clusters = (await createClusterStore(db).all()).filter(({ id }) =>
        candidate.clusterIds.includes(id),
      );
      const compiled = await Promise.all(clusters.map(compileOn));
      return { fromMs: nowMs, untilMs: horizon.untilMs, ...summary(compiled, series) };
    },
  };
}

async function asIfApproved(
  db: Db,
  bulletinId: string,
  draft: SeriesDraft,
  timeZone: string,
): Promise<PlannableSeries> {
  const bulletin = await createBulletinStore(db).find(bulletinId);
  if (!bulletin)
    throw new AppError<ControllerErrorCode>(`there is no bulletin ${bulletinId}`, {
      code: 'bulletin/unknown',
    });
  const variants = await createBulletinStore(db).variants(bulletinId, bulletin.version);
  if (variants.length === 0)
    throw new AppError<ControllerErrorCode>('make its sound first: its length is not known yet', {
      code: 'bulletin/not-rendered',
    });
  const { firstDate, lastDate, ...schedule } = scheduleOf(draft);
  return {
    ...{ id: CANDIDATE, rootId: CANDIDATE, bulletinId, title: bulletin.title, timeZone },
    ...{ ...schedule, firstDate, lastDate, approved: { firstDate, lastDate } },
    clusterIds: await resolveTargets(db, draft.targets),
    rules: rulesFor(bulletin.class, draft.rank),
    manifestSha: '',
    repeat: draft.repeat,
    gainDb: draft.gainDb,
    variants: variants.map(toVariant),
  };
}

/** What concerns the candidate of everything that was compiled. */
function summary(compiled: readonly Compiled[], series: readonly PlannableSeries[]) {
  const all = compiled.flatMap(({ occurrences }) => occurrences);
  const byId = new Map(all.map((occurrence) => [occurrence.id, occurrence]));
  const titles = new Map(series.map(({ id, title }) => [id, title]));
  const own = all.filter(({ seriesId }) => seriesId === CANDIDATE);
  const isOwn = (id: string) => byId.get(id)?.seriesId === CANDIDATE;
  const conflicts = compiled
    .flatMap((one) => one.conflicts)
    .filter(({ firstId, secondId }) => isOwn(firstId) || isOwn(secondId))
    .map(({ clusterId, firstId, secondId, reason }) => {
      const other = byId.get(isOwn(firstId) ? secondId : firstId);
      return {
        clusterId,
        startsAtMs: byId.get(isOwn(firstId) ? firstId : secondId)?.startsAtMs ?? 0,
        otherTitle: titles.get(other?.seriesId ?? '') ?? '',
        code: reason.code,
        reason: reasonText(reason, 'vi'),
      };
    });
  const skips = compiled
    .flatMap((one) => one.skips)
    .filter(({ seriesId, reason }) => seriesId === CANDIDATE && reason.code !== 'in-the-past')
    .map(({ clusterId, startsAtMs, reason }) => ({
      ...{ clusterId, startsAtMs, code: reason.code },
      reason: reasonText(reason, 'vi'),
    }));
  return {
    occurrences: own.length,
    clusterIds: [...new Set(own.map(({ clusterId }) => clusterId))],
    minutesAdded: Math.round(own.reduce((total, { plannedMs }) => total + plannedMs, 0) / 6_000) / 10,
    firstStartMs: own.reduce<number | null>(
      (first, { startsAtMs }) => (first === null || startsAtMs < first ? startsAtMs : first),
      null,
    ),
    conflicts: conflicts.slice(0, MAX_ROWS),
    skips: skips.slice(0, MAX_ROWS),
  };
}
