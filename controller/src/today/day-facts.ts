import { z } from 'zod';
import type { Db } from '../db/database.ts';
import { createLedgerStore, type LedgerRow, type OccurrenceRow } from '../ledger/ledger.store.ts';
import { spokenItem } from '../plans/spoken-item.ts';
import { toVariant } from '../series/active-series.service.ts';
import { type ClusterNow, createTodayStore } from './today.store.ts';

/** Everything that is known of some occurrences, read at once. */
export interface DayFacts {
  readonly clusters: readonly ClusterNow[];
  /** Reports of how it ended, oldest first. */
  historyOf(occurrenceId: string): readonly LedgerRow[];
  claimedAtMs(occurrenceId: string): number | undefined;
  /** What a cluster hears of it: the first language spoken, and hashes in order; nothing when it speaks none of them. */
  soundsOf(
    row: OccurrenceRow,
    cluster: ClusterNow | undefined,
  ): { language: string; sounds: readonly string[] };
  /** How many of some sounds a box holds, and why not the others. */
  mediaOf(
    deviceId: string | null | undefined,
    sounds: readonly string[],
  ): { readonly wanted: number; readonly held: number; readonly fault: string | null };
}

/** A box claims a little before the start. */
const CLAIM_SLACK_MS = 10 * 60_000;

const claimBody = z.object({ occurrenceId: z.string() });

/** Reads the facts of these occurrences. */
export async function readDayFacts(db: Db, rows: readonly OccurrenceRow[]): Promise<DayFacts> {
  const store = createTodayStore(db);
  const ids = rows.map(({ id }) => id);
  const bulletinIds = [...new Set(rows.map(({ bulletin_id }) => bulletin_id))];
  const clusters = await store.clusters();
  const served = new Set(rows.map(({ cluster_id }) => cluster_id));
  const deviceIds = clusters.flatMap(({ id, device_id }) => (device_id && served.has(id) ? [device_id] : []));
  const [history, versions, approved, variants, media] = await Promise.all([
    createLedgerStore(db).ofOccurrences(ids),
    store.bulletinVersions(bulletinIds),
    store.approvedVersions(),
    store.variants(bulletinIds),
    store.media(deviceIds),
  ]);
  const histories = Map.groupBy(history, ({ occurrence_id }) => occurrence_id);
  // Claims matter only while an outcome is missing.
  const open = rows.filter(({ id }) => !histories.has(id)).map(({ starts_at_ms }) => starts_at_ms);
  const claims = open.length === 0 ? [] : await store.claims(deviceIds, Math.min(...open) - CLAIM_SLACK_MS);
  const claimedAt = new Map(
    claims.map(({ at_ms, body }) => [claimBody.parse(JSON.parse(body)).occurrenceId, at_ms]),
  );
  const versionOf = new Map(approved.map(({ id, version }) => [id, version]));
  const variantsOf = Map.groupBy(variants, ({ bulletin_id, version }) => `${bulletin_id} ${version}`);
  const said = new Map(media.map((row) => [`${row.device_id} ${row.sha256}`, row]));
  return {
    clusters,
    historyOf: (id) => histories.get(id) ?? [],
    claimedAtMs: (id) => claimedAt.get(id),
    soundsOf(row, cluster) {
      const version = versionOf.get(row.series_id ?? '') ?? versions.get(row.bulletin_id);
      const rendered = (variantsOf.get(`${row.bulletin_id} ${version}`) ?? []).map(toVariant);
      const languages = cluster ? (JSON.parse(cluster.languages) as string[]) : [];
      const spoken = spokenItem({ variants: rendered, repeat: { times: 1, gapMs: 0 } }, languages);
      if (!spoken) return { language: '', sounds: [] };
      const { language, parts, sounds } = spoken;
      const inOrder = parts.map((part) => (part.kind === 'sound' ? sounds[part.sound] : undefined));
      return { language, sounds: inOrder.flatMap((sound) => (sound ? [sound.sha256] : [])) };
    },
    mediaOf(deviceId, sounds) {
      const wanted = [...new Set(sounds)];
      const reports = wanted.map((sha256) => said.get(`${deviceId} ${sha256}`));
      return {
        wanted: wanted.length,
        held: reports.filter((report) => report?.state === 'held').length,
        fault: reports.find((report) => report?.state === 'failed')?.code ?? null,
      };
    },
  };
}
