import type { Clock } from '@loa/kernel';
import type { Outcome } from '@loa/schedules';
import type { Db } from '../db/database.ts';
import { createLedgerStore, type LedgerRow, type OccurrenceRow } from './ledger.store.ts';
import { asOutcome } from './outcome-rows.ts';

/** One entry of the ledger, as a box reported it. */
export interface LedgerEntry extends Outcome {
  readonly deviceId: string;
  readonly plannedAtMs: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly startErrorMs: number | null;
  readonly heardMs: number;
  readonly detail: string;
  readonly recordedAtMs: number;
}

/**
 * What is known of one occurrence now. `unreported` and `due` are computed and never stored: they are the absence of a
 * report, open until a journal closes them (P3). `withdrawn`: taken out of the plan, and no box has reported it.
 */
export type OutcomeView =
  | { readonly state: 'due' | 'unreported' | 'withdrawn'; readonly history: readonly [] }
  | { readonly state: 'closed'; readonly newest: LedgerEntry; readonly history: readonly LedgerEntry[] };

/** One line of the as-broadcast record of a day. */
export interface AsBroadcastRow {
  readonly occurrenceId: string;
  readonly clusterId: string;
  readonly clusterName: string;
  readonly areaId: string;
  readonly bulletinId: string;
  readonly title: string;
  readonly class: 'routine' | 'priority' | 'emergency';
  readonly startsAtMs: number;
  readonly plannedMs: number;
  readonly outcome: OutcomeView;
}

/** Answers how occurrences ended. */
export interface Ledger {
  outcomeOf(occurrenceId: string): Promise<OutcomeView | undefined>;
  /** The same for many; an id that nobody knows is absent. */
  outcomesOf(occurrenceIds: readonly string[]): Promise<ReadonlyMap<string, OutcomeView>>;
  /** Every occurrence that starts from `fromMs` (inclusive) to `untilMs` (exclusive), by start. */
  asBroadcast(fromMs: number, untilMs: number): Promise<readonly AsBroadcastRow[]>;
}

/** After the planned end a box still has to close the sound and to deliver its journal over a thin line. */
export const REPORT_GRACE_MS = 60_000;

/** Creates the reading side of the ledger. */
export function createLedger({ db, clock }: { readonly db: Db; readonly clock: Clock }): Ledger {
  const store = createLedgerStore(db);
  const view = (planned: OccurrenceRow | undefined, rows: readonly LedgerRow[]): OutcomeView | undefined => {
    const history = rows.map(asEntry);
    const newest = history.at(-1);
    if (newest) return { state: 'closed', newest, history };
    if (!planned) return undefined;
    if (planned.state === 'withdrawn') return { state: 'withdrawn', history: [] };
    const endsMs = planned.starts_at_ms + planned.planned_ms + REPORT_GRACE_MS;
    return { state: clock.now().epochMilliseconds > endsMs ? 'unreported' : 'due', history: [] };
  };
  const outcomesOf: Ledger['outcomesOf'] = async (ids) => {
    const planned = new Map((await store.occurrences(ids)).map((row) => [row.id, row]));
    const rows = Map.groupBy(await store.ofOccurrences(ids), (row) => row.occurrence_id);
    const views = new Map<string, OutcomeView>();
    for (const id of ids) {
      const found = view(planned.get(id), rows.get(id) ?? []);
      if (found) views.set(id, found);
    }
    return views;
  };
  return {
    outcomesOf,
    outcomeOf: async (id) => (await outcomesOf([id])).get(id),
    async asBroadcast(fromMs, untilMs) {
      const occurrences = await store.between(fromMs, untilMs);
      const outcomes = await outcomesOf(occurrences.map(({ id }) => id));
      return occurrences.flatMap((row) => {
        const outcome = outcomes.get(row.id);
        if (!outcome) return [];
        return [
          {
            occurrenceId: row.id,
            clusterId: row.cluster_id,
            clusterName: row.cluster_name,
            areaId: row.area_id,
            bulletinId: row.bulletin_id,
            title: row.title,
            class: row.class,
            startsAtMs: row.starts_at_ms,
            plannedMs: row.planned_ms,
            outcome,
          },
        ];
      });
    },
  };
}

function asEntry(row: LedgerRow): LedgerEntry {
  return {
    ...asOutcome(row),
    deviceId: row.device_id,
    plannedAtMs: row.planned_at_ms,
    startedAtMs: row.started_at_ms,
    endedAtMs: row.ended_at_ms,
    startErrorMs: row.start_error_ms,
    heardMs: row.heard_ms,
    detail: row.detail,
    recordedAtMs: row.recorded_ms,
  };
}
