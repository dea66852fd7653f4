import type { Part, SoundRef } from '@loa/contract';
import type { PlayRules, Series } from '@loa/schedules';
import type { Manifest } from '../approvals/manifest.ts';
import { createBulletinStore, type VariantRow } from '../bulletins/bulletin.store.ts';
import { type Targets, targetResolver } from '../clusters/targets.service.ts';
import type { Db } from '../db/database.ts';
import type { Repeat, Schedule } from './schedule.schema.ts';
import { createSeriesStore } from './series.store.ts';

/** One approved language of a bulletin; `parts` name `sounds` by index. */
export interface PlannableVariant {
  readonly language: string;
  readonly parts: readonly Part[];
  readonly sounds: readonly SoundRef[];
  readonly durationMs: number;
}

/** What the planner needs of an active, approved series; its length depends on the languages that a cluster asks for. */
export interface PlannableSeries extends Omit<Series, 'plannedMs'> {
  readonly bulletinId: string;
  /** SHA-256 of the approved manifest that lets it sound (P2). */
  readonly manifestSha: string;
  readonly repeat: Repeat;
  readonly gainDb: number;
  readonly variants: readonly PlannableVariant[];
}

/**
 * Returns every series that may sound: active, under an approval that holds, with nothing in it that the approved manifest
 * does not name (P2). A cluster that joined a target after the approval is left out; so is a sound that is not the approved one.
 */
export async function listActiveSeries(db: Db): Promise<readonly PlannableSeries[]> {
  const [rows, clustersOf] = await Promise.all([createSeriesStore(db).approved(), targetResolver(db)]);
  const listed: PlannableSeries[] = [];
  for (const row of rows) {
    const manifest = JSON.parse(row.manifest_content) as Manifest;
    const variants = await approvedVariants(db, manifest);
    const targeted = clustersOf(JSON.parse(row.targets) as Targets);
    const clusterIds = targeted.filter((id) => manifest.clusterIds.includes(id)); // P2
    if (clusterIds.length === 0 || variants.length === 0) continue;
    listed.push({
      id: row.id,
      rootId: row.root_id,
      title: manifest.title,
      clusterIds,
      ...(JSON.parse(row.rule) as Schedule),
      timeZone: row.time_zone,
      rules: JSON.parse(row.rules) as PlayRules,
      approved: { firstDate: manifest.firstDate, lastDate: manifest.lastDate },
      bulletinId: row.bulletin_id,
      manifestSha: row.manifest_sha,
      repeat: JSON.parse(row.repeat) as Repeat,
      gainDb: row.gain_db,
      variants,
    });
  }
  return listed;
}

/** Returns the rendered languages whose sounds are exactly those that were approved. */
async function approvedVariants(db: Db, manifest: Manifest): Promise<readonly PlannableVariant[]> {
  const rendered = (await createBulletinStore(db).variants(manifest.bulletinId, manifest.version)).map(
    toVariant,
  );
  return rendered.filter(({ language, sounds }) => {
    const hashes = sounds.map(({ sha256 }) => sha256);
    const approved = manifest.variants.find((variant) => variant.language === language);
    return approved?.sounds.join() === hashes.join();
  });
}

/** Reads a rendered language from its row. */
export const toVariant = (row: VariantRow): PlannableVariant => ({
  language: row.language,
  parts: JSON.parse(row.parts) as Part[],
  sounds: JSON.parse(row.sounds) as SoundRef[],
  durationMs: row.duration_ms,
});
