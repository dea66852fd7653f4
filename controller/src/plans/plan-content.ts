import { clusterId, occurrenceId, type PlanContent, type PlanItem, sha256 } from '@loa/contract';
import type { Horizon, Occurrence } from '@loa/schedules';
import type { AuditHead } from '../audit/audit.service.ts';
import type { PlannableSeries } from '../series/series.service.ts';
import { moved, type SpokenItem } from './spoken-item.ts';

/** A series as one cluster speaks it. */
export interface SpokenSeries {
  readonly series: PlannableSeries;
  readonly item: SpokenItem;
}

/**
 * Puts a plan together: the sounds once, an item for each series, the starts by time. A start whose series is gone is left
 * out: it has begun, and nobody may begin it again.
 */
export function planContent({
  cluster,
  timeZone,
  horizon,
  auditHead,
  spoken,
  occurrences,
}: {
  readonly cluster: { readonly id: string; readonly name: string };
  readonly timeZone: string;
  readonly horizon: Horizon;
  readonly auditHead: AuditHead;
  readonly spoken: readonly SpokenSeries[];
  readonly occurrences: readonly Occurrence[];
}): PlanContent {
  const used = new Set(occurrences.map(({ seriesId }) => seriesId));
  const sounds: PlanContent['sounds'] = [];
  const items: PlanItem[] = [];
  const itemOf = new Map<string, number>();
  for (const { series, item } of spoken.filter((entry) => used.has(entry.series.id))) {
    const { bulletinId, manifestSha, id, title, rules, repeat, gainDb } = series;
    itemOf.set(id, items.length);
    items.push({
      bulletinId,
      manifest: sha256.parse(manifestSha),
      seriesId: id,
      title,
      language: item.language,
      rules,
      parts: [...moved(item, sounds)],
      repeat,
      gainDb,
    });
  }
  return {
    clusterId: clusterId.parse(cluster.id),
    clusterName: cluster.name,
    timeZone,
    ...horizon,
    auditHead: { seq: auditHead.seq, hash: sha256.parse(auditHead.hash) },
    sounds,
    items,
    occurrences: occurrences
      .toSorted((a, b) => a.startsAtMs - b.startsAtMs || (a.id < b.id ? -1 : 1))
      .flatMap(({ id, seriesId, startsAtMs, plannedMs }) => {
        const item = itemOf.get(seriesId);
        return item === undefined ? [] : [{ id: occurrenceId.parse(id), item, startsAtMs, plannedMs }];
      }),
  };
}
