import { AppError } from '@loa/kernel';
import { type PlayRules, seriesFaults } from '@loa/schedules';
import { createApprovalStore } from '../approvals/approval.store.ts';
import { beyondManifest, type Manifest } from '../approvals/manifest.ts';
import type { BulletinRow } from '../bulletins/bulletin.store.ts';
import { resolveTargets, type Targets } from '../clusters/targets.service.ts';
import type { Db } from '../db/database.ts';
import type { ControllerErrorCode } from '../errors.ts';
import type { Repeat, Schedule } from './schedule.schema.ts';
import { nextStartMs, weekdaysOf } from './starts.ts';

/** Where, when and how a bulletin should sound. */
export interface SeriesDraft extends Schedule {
  /** The approval that lets it sound; `null`: a draft that nobody hears. */
  readonly approvalId: string | null;
  readonly targets: Targets;
  /** Between two of one class the higher one goes first, 0 to 99. */
  readonly rank: number;
  readonly repeat: Repeat;
  readonly gainDb: number;
}

const fault = (code: ControllerErrorCode, message: string, details: Record<string, unknown> = {}) =>
  new AppError<ControllerErrorCode>(message, { code, details });

/** One that sounds once ends on the day on which it begins. */
export function scheduleOf({ rule, firstDate, lastDate, localTime }: Schedule): Schedule {
  return { rule, firstDate, lastDate: rule.kind === 'once' ? firstDate : lastDate, localTime };
}

/**
 * Makes sure that a draft is sound, will ever be heard, and asks for nothing beyond its approval (P2).
 * Returns the clusters it means now.
 * @throws {AppError} request/invalid, series/never-fires, series/not-approved, series/outside-approval
 */
export async function requireSound(
  tx: Db,
  draft: SeriesDraft,
  about: {
    readonly id: string;
    readonly bulletin: BulletinRow;
    readonly rules: PlayRules;
    readonly timeZone: string;
    readonly nowMs: number;
  },
): Promise<readonly string[]> {
  const { id, bulletin, rules, timeZone, nowMs } = about;
  const schedule = scheduleOf(draft);
  const clusterIds = await resolveTargets(tx, draft.targets);
  const faults = seriesFaults({
    ...{ id, rootId: id, title: bulletin.title, clusterIds, timeZone, rules },
    ...{ plannedMs: 0, approved: null }, // its length is the planner's, cluster by cluster
    ...schedule,
  });
  const others = faults.filter(({ field }) => field !== 'rule'); // a fault of the rule as a whole: it never falls on a date
  if (others.length > 0)
    throw fault('request/invalid', `${others.length} field(s) are not as wanted`, {
      fields: others.map(({ field, wanted, came }) => ({
        path: field === 'clusterIds' ? 'targets' : field,
        message: `wanted ${wanted}, got ${came}`,
      })),
    });
  if (faults.length > 0 || nextStartMs(schedule, timeZone, nowMs) === undefined)
    throw fault(
      'series/never-fires',
      `no start lies ahead: ${schedule.localTime} on the chosen days from ${schedule.firstDate} to ${schedule.lastDate} is over or never comes`,
    );
  if (draft.approvalId !== null)
    requireCovered(await approvedManifest(tx, draft.approvalId, bulletin), schedule, clusterIds);
  return clusterIds;
}

async function approvedManifest(tx: Db, approvalId: string, bulletin: BulletinRow): Promise<Manifest> {
  const approval = await createApprovalStore(tx).find(approvalId);
  if (approval?.bulletin_id !== bulletin.id)
    throw fault('series/not-approved', `there is no approval ${approvalId} of this bulletin`);
  if (approval.state !== 'approved')
    throw fault('series/not-approved', `the submission ${approvalId} is ${approval.state}, not approved`, {
      state: approval.state,
    });
  return JSON.parse(approval.manifest_content) as Manifest;
}

/** P2: not one cluster, day or hour more than was approved. */
function requireCovered(manifest: Manifest, schedule: Schedule, clusterIds: readonly string[]): void {
  const { firstDate, lastDate, localTime } = schedule;
  const days = weekdaysOf(schedule);
  const beyond = beyondManifest(manifest, { clusterIds, firstDate, lastDate, localTime, days });
  if (beyond.length > 0)
    throw fault(
      'series/outside-approval',
      `the approval does not cover this: ${beyond.join('; ')}. Keep within it, or submit the bulletin again for more`,
      { beyond },
    );
}
