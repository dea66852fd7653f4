import type { Clock, Logger } from '@loa/kernel';
import { compile, type Occurrence } from '@loa/schedules';
import { createAreaStore } from '../areas/area.store.ts';
import { auditHead } from '../audit/audit.service.ts';
import { type ClusterRow, createClusterStore } from '../clusters/cluster.store.ts';
import type { Db } from '../db/database.ts';
import { holdBody } from '../holds/hold-body.ts';
import type { LiveEvents } from '../live-events/live-events.service.ts';
import { createBoxStore } from '../orders/box.store.ts';
import type { Orders } from '../orders/order.service.ts';
import type { PlannableSeries } from '../series/series.service.ts';
import { configBody } from './config-body.ts';
import { planHorizon } from './horizon.ts';
import {
  asOccurrence,
  createOccurrenceStore,
  isSameOccurrence,
  type OccurrenceRow,
} from './occurrence.store.ts';
import { planContent, type SpokenSeries } from './plan-content.ts';
import type { Policies } from './policy.service.ts';
import { spokenItem } from './spoken-item.ts';

/** Makes the states of boxes from what people decided. */
export interface ClusterStates {
  /** Clusters that have an active box. */
  activeClusters(): Promise<readonly string[]>;
  /**
   * Compiles one cluster and sets every state of its box; equal ones are not sent again. Nothing happens without a box.
   * @throws {AggregateError} of what kept states from being set, once every other one is.
   */
  bringUpToDate(clusterId: string): Promise<void>;
}

/** Creates the making of states. */
export function createClusterStates({
  db,
  orders,
  policies,
  listActiveSeries,
  site,
  world: { clock, log, liveEvents },
}: {
  readonly db: Db;
  readonly orders: Pick<Orders, 'setState' | 'offerKeys'>;
  readonly policies: Pick<Policies, 'current'>;
  readonly listActiveSeries: (db: Db) => Promise<readonly PlannableSeries[]>;
  readonly site: { readonly timeZone: string };
  readonly world: { readonly clock: Clock; readonly log: Logger; readonly liveEvents: LiveEvents };
}): ClusterStates {
  const nowMs = () => clock.now().epochMilliseconds;

  /** What this cluster can say of each series that means it. */
  const spokenBy = async (
    cluster: ClusterRow,
    languages: readonly string[],
  ): Promise<readonly SpokenSeries[]> => {
    const meant = (await listActiveSeries(db)).filter(({ clusterIds }) => clusterIds.includes(cluster.id));
    return meant.flatMap((series) => {
      const item = spokenItem(series, languages);
      if (item) return [{ series, item }];
      log.warn(
        { clusterId: cluster.id, seriesId: series.id, languages },
        'a series speaks none of the languages of a cluster',
      );
      return [];
    });
  };

  /** Compiles, stores the starts, and returns them with their horizon. Reading and writing is one transaction: identity rests on it (P4). */
  const compileCluster = (cluster: ClusterRow, spoken: readonly SpokenSeries[]) =>
    db.transaction().execute(async (tx) => {
      const horizon = planHorizon(nowMs(), site.timeZone);
      const store = createOccurrenceStore(tx);
      const rows = await store.known(cluster.id, horizon.fromMs, horizon.untilMs);
      const { occurrences, withdrawn } = compile({
        series: spoken.map(({ series, item }) => ({
          ...series,
          clusterIds: [cluster.id],
          plannedMs: item.plannedMs,
        })),
        policies: new Map([[cluster.id, (await policies.current(tx)).policy]]),
        nowMs: nowMs(),
        horizon,
        known: rows.flatMap((row) => asOccurrence(row) ?? []),
      });
      const before = new Map(rows.map((row) => [row.id, row]));
      const planned = occurrences.flatMap((occurrence) => rowOf(occurrence, spoken, nowMs()));
      await store.put(planned.filter((row) => !isSameOccurrence(before.get(row.id), row)));
      await store.withdraw(withdrawn, nowMs());
      return { horizon, occurrences, auditHead: await auditHead(tx) };
    });

  return {
    activeClusters: async () => (await createBoxStore(db).all()).map(({ clusterId }) => clusterId),
    async bringUpToDate(clusterId) {
      const box = await createBoxStore(db).ofCluster(clusterId);
      const cluster = await createClusterStore(db).find(clusterId);
      if (!box || !cluster) return;
      const languages: string[] = JSON.parse(cluster.languages);
      const areaName = (await createAreaStore(db).find(cluster.area_id))?.name ?? '';
      const { timeZone } = site;
      const set = {
        keys: () => orders.offerKeys(box.id),
        hold: () => orders.setState(box.id, 'hold', (tx) => holdBody(tx, clusterId, nowMs())),
        policy: async () => orders.setState(box.id, 'policy', (await policies.current(db)).policy),
        config: () =>
          orders.setState(box.id, 'config', configBody(cluster, { areaName, timeZone, languages })),
        plan: async () => {
          const spoken = await spokenBy(cluster, languages);
          const compiled = await compileCluster(cluster, spoken);
          const content = planContent({ cluster, timeZone, spoken, ...compiled });
          const { outcome, rev } = await orders.setState(box.id, 'plan', content);
          if (outcome === 'changed') await liveEvents.publish({ kind: 'plan', clusterId, rev, held: false });
        },
      };
      const faults: unknown[] = [];
      for (const [kind, setIt] of Object.entries(set))
        try {
          await setIt();
        } catch (error) {
          faults.push(error);
          log.error(
            { err: error, clusterId, kind },
            'a state could not be set; the box keeps the one it has',
          );
        }
      if (faults.length > 0) throw new AggregateError(faults, `${faults.length} state(s) could not be set`);
    },
  };
}

/** A start that began under a series that is gone keeps the row it has. */
function rowOf(
  occurrence: Occurrence,
  spoken: readonly SpokenSeries[],
  nowMs: number,
): readonly OccurrenceRow[] {
  const of = spoken.find(({ series }) => series.id === occurrence.seriesId);
  if (!of) return [];
  return [
    {
      id: occurrence.id,
      cluster_id: occurrence.clusterId,
      series_id: occurrence.seriesId,
      root_series_id: occurrence.rootSeriesId,
      bulletin_id: of.series.bulletinId,
      original_start_ms: occurrence.originalStartMs,
      starts_at_ms: occurrence.startsAtMs,
      planned_ms: occurrence.plannedMs,
      class: of.series.rules.class,
      state: 'planned',
      title: of.series.title,
      created_ms: nowMs,
    },
  ];
}
