import type { HoldBody } from '@loa/contract';
import { resolveTargets, targetResolver } from '../clusters/targets.service.ts';
import type { Db } from '../db/database.ts';
import { createHoldStore } from './hold.store.ts';
import { type HoldTargets, readTargets } from './hold-targets.ts';

/** The contract bounds the set of one box. Where a move of areas adds up to more, the oldest stay: people rely on them. */
export const MAX_HOLDS = 100;

/** Returns the full set of holds of a cluster: always the whole, so that nothing rests on what a box heard before (P9). */
export async function holdBody(db: Db, clusterId: string, nowMs: number): Promise<HoldBody> {
  const holds: HoldBody['holds'] = [];
  for (const row of await createHoldStore(db).active(nowMs)) {
    if (holds.length === MAX_HOLDS) break;
    if (!(await resolveTargets(db, readTargets(row.target))).includes(clusterId)) continue;
    holds.push({
      id: row.id,
      includesEmergency: row.includes_emergency === 1,
      fromMs: row.from_ms,
      untilMs: row.until_ms,
      reason: row.reason,
      by: row.created_by,
    });
  }
  return { holds };
}

/** Returns the clusters that `targets` means and more holds are in force for than a box takes. */
export async function overfullClusters(
  db: Db,
  targets: HoldTargets,
  nowMs: number,
): Promise<readonly string[]> {
  const resolve = await targetResolver(db);
  const active = await createHoldStore(db).active(nowMs);
  if (active.length <= MAX_HOLDS) return [];
  const members = active.flatMap(({ target }) => resolve(readTargets(target)));
  return resolve(targets).filter((id) => members.filter((member) => member === id).length > MAX_HOLDS);
}
