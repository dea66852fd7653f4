import type { HoldBody } from '@loa/contract';
import { resolveTargets } from '../clusters/targets.service.ts';
import type { Db } from '../db/database.ts';
import { createHoldStore } from './hold.store.ts';
import { readTargets } from './hold-targets.ts';

/** The contract bounds the set of one box; the oldest stay, they are the ones people rely on. */
const MAX_HOLDS = 100;

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
