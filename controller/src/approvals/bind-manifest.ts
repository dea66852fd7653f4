import { AppError } from '@loa/kernel';
import type { PolicyWindow } from '@loa/schedules';
import { type BulletinRow, createBulletinStore } from '../bulletins/bulletin.store.ts';
import type { BulletinContent } from '../bulletins/bulletin-content.schema.ts';
import { requireCurrent } from '../bulletins/explainer-script.ts';
import { resolveTargets, type Targets } from '../clusters/targets.service.ts';
import type { Db } from '../db/database.ts';
import type { ControllerErrorCode } from '../errors.ts';
import { createProcedureStore } from '../procedures/procedure.store.ts';
import { toProcedure } from '../procedures/procedures.service.ts';
import { toVariant } from '../series/active-series.service.ts';
import type { Manifest } from './manifest.ts';

/** What an author asks to be let out. */
export interface Submission {
  readonly targets: Targets;
  readonly firstDate: string;
  readonly lastDate: string;
  readonly windows: readonly PolicyWindow[];
}

const SUBMITTABLE: readonly BulletinRow['state'][] = ['ready', 'submitted', 'approved', 'returned'];

/**
 * Writes down exactly what is asked for: rendered sounds, clusters by id, dates and hours.
 * @throws {AppError} bulletin/not-rendered, procedure/not-current, request/invalid
 */
export async function bindManifest(tx: Db, row: BulletinRow, submission: Submission): Promise<Manifest> {
  const { targets, firstDate, lastDate, windows } = submission;
  const variants = await createBulletinStore(tx).variants(row.id, row.version);
  if (variants.length === 0 || !SUBMITTABLE.includes(row.state))
    throw new AppError<ControllerErrorCode>(
      'make and hear its sound first: there is nothing to approve yet',
      { code: 'bulletin/not-rendered', details: { state: row.state } },
    );
  const clusterIds = await resolveTargets(tx, targets);
  refuse([
    ...(clusterIds.length === 0
      ? [{ path: 'targets', message: 'wanted at least one loudspeaker cluster; these name none' }]
      : []),
    ...(lastDate < firstDate
      ? [{ path: 'lastDate', message: `wanted ${firstDate} or later, got ${lastDate}` }]
      : []),
  ]);
  return {
    bulletinId: row.id,
    version: row.version,
    title: row.title,
    class: row.class,
    unverified: await isUnverified(tx, row, submission),
    variants: variants.map((variant) => ({
      language: variant.language,
      sounds: toVariant(variant).sounds.map(({ sha256 }) => sha256),
      spokenText: variant.spoken_text,
      durationMs: variant.duration_ms,
    })),
    clusterIds,
    firstDate,
    lastDate,
    windows,
  };
}

/** Asks the procedure behind an explainer: it must be current on every day asked for, and verified still. */
async function isUnverified(tx: Db, row: BulletinRow, { firstDate, lastDate }: Submission): Promise<boolean> {
  const { unverified } = JSON.parse(row.content) as BulletinContent;
  const procedure =
    row.procedure_id === null ? undefined : await createProcedureStore(tx).find(row.procedure_id);
  if (!procedure) return unverified;
  requireCurrent(toProcedure(procedure), firstDate, lastDate);
  return unverified || procedure.status !== 'verified';
}

function refuse(wrong: ReadonlyArray<{ readonly path: string; readonly message: string }>): void {
  if (wrong.length === 0) return;
  throw new AppError<ControllerErrorCode>(
    wrong.map(({ path, message }) => `${path}: ${message}`).join('; '),
    { code: 'request/invalid', details: { fields: wrong } },
  );
}
