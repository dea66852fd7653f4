import { AppError, type Clock } from '@loa/kernel';
import { CLOCK_STATES } from '@loa/schedules';
import type { Db } from '../db/database.ts';
import type { ControllerErrorCode } from '../errors.ts';
import { createLedgerStore, type LedgerRow, type OccurrenceRow } from '../ledger/ledger.store.ts';
import { asOutcome } from '../ledger/outcome-rows.ts';
import { type DayFacts, readDayFacts } from './day-facts.ts';
import { occurrenceState } from './occurrence-state.ts';
import type { OccurrenceDetail, OutcomeView, TodayOccurrence, TodayView } from './today.schema.ts';
import type { ClusterNow } from './today.store.ts';

/** What sounds on a day, where, and how it went. */
export interface Today {
  /** `date` is local, `YYYY-MM-DD`; without one, today. */
  day(date?: string): Promise<TodayView>;
  /** @throws {AppError} occurrence/unknown */
  occurrence(id: string): Promise<OccurrenceDetail>;
}

/** Creates the overview on the main database. */
export function createToday({
  db,
  clock,
  site,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly site: { readonly name: string; readonly timeZone: string };
}): Today {
  return {
    async day(wanted) {
      const now = clock.now();
      const date = wanted
        ? Temporal.PlainDate.from(wanted)
        : now.toZonedDateTimeISO(site.timeZone).toPlainDate();
      const startMs = (day: Temporal.PlainDate) => day.toZonedDateTime(site.timeZone).epochMilliseconds;
      const rows = await createLedgerStore(db).between(startMs(date), startMs(date.add({ days: 1 })));
      const facts = await readDayFacts(db, rows);
      return {
        site: { name: site.name, timeZone: site.timeZone },
        date: date.toString(),
        nowMs: now.epochMilliseconds,
        clusters: facts.clusters.map((cluster) => ({
          ...aboutCluster(cluster),
          occurrences: rows
            .filter(({ cluster_id }) => cluster_id === cluster.id)
            .map((row) => toOccurrence(row, cluster, facts, now.epochMilliseconds)),
        })),
      };
    },
    async occurrence(id) {
      const row = await createLedgerStore(db).occurrence(id);
      if (!row) throw unknownOccurrence(id);
      const facts = await readDayFacts(db, [row]);
      const cluster = facts.clusters.find((one) => one.id === row.cluster_id);
      const media = facts.mediaOf(cluster?.device_id, facts.soundsOf(row, cluster).sounds);
      return {
        ...toOccurrence(row, cluster, facts, clock.now().epochMilliseconds),
        clusterId: row.cluster_id,
        clusterName: cluster?.name ?? row.cluster_id,
        seriesId: row.series_id,
        originalStartMs: row.original_start_ms,
        readiness: {
          planHeld: holdsPlan(cluster),
          soundsWanted: media.wanted,
          soundsHeld: media.held,
          fault: media.fault,
        },
        history: facts.historyOf(id).map((entry) => ({
          ...toOutcome(entry),
          deviceId: entry.device_id,
          plannedAtMs: entry.planned_at_ms,
          endedAtMs: entry.ended_at_ms,
          detail: entry.detail,
          recordedMs: entry.recorded_ms,
        })),
      };
    },
  };
}

function aboutCluster(cluster: ClusterNow) {
  const { epoch, rev } = cluster;
  return {
    id: cluster.id,
    name: cluster.name,
    areaName: cluster.area_name,
    online: cluster.online === null ? null : cluster.online === 1,
    clock: clockOf(cluster.clock),
    lastHeardMs: cluster.last_heard_ms,
    plan: epoch === null || rev === null ? null : { rev, held: holdsPlan(cluster) },
  };
}

function toOccurrence(
  row: OccurrenceRow,
  cluster: ClusterNow | undefined,
  facts: DayFacts,
  nowMs: number,
): TodayOccurrence {
  const { language, sounds } = facts.soundsOf(row, cluster);
  const media = facts.mediaOf(cluster?.device_id, sounds);
  const newest = facts.historyOf(row.id).at(-1);
  const state = occurrenceState(
    {
      startsAtMs: row.starts_at_ms,
      plannedMs: row.planned_ms,
      isWithdrawn: row.state === 'withdrawn',
      hasOutcome: newest !== undefined,
      claimedAtMs: facts.claimedAtMs(row.id),
    },
    nowMs,
  );
  return {
    id: row.id,
    title: row.title,
    class: row.class,
    language,
    startsAtMs: row.starts_at_ms,
    plannedMs: row.planned_ms,
    bulletinId: row.bulletin_id,
    sounds,
    ready: holdsPlan(cluster) && media.wanted > 0 && media.held === media.wanted,
    state,
    outcome: newest ? toOutcome(newest) : null,
  };
}

function toOutcome(row: LedgerRow): OutcomeView {
  const { result, reason, evidence } = asOutcome(row);
  return {
    result,
    reason,
    evidence,
    startedAtMs: row.started_at_ms,
    startErrorMs: row.start_error_ms,
    heardMs: row.heard_ms,
  };
}

function holdsPlan(cluster: ClusterNow | undefined): boolean {
  if (!cluster || cluster.rev === null) return false;
  return cluster.held_epoch === cluster.epoch && cluster.held_rev === cluster.rev;
}

const clockOf = (text: string | null) => CLOCK_STATES.find((state) => state === text) ?? null;

const unknownOccurrence = (id: string) =>
  new AppError<ControllerErrorCode>(`there is no occurrence ${id}: GET /api/v1/today lists the day's`, {
    code: 'occurrence/unknown',
  });
