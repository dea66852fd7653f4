import { BROADCAST_CLASSES } from '@loa/schedules';
import { z } from 'zod';
import { targetsSchema } from '../clusters/targets.schema.ts';
import { repeatSchema, schedule } from './schedule.schema.ts';

const rank = z.int().min(0).max(99);
const gainDb = z.number().min(-80).max(0);

const draftShape = {
  ...schedule.shape,
  approvalId: z.string().nullable(),
  targets: targetsSchema,
  rank,
  repeat: repeatSchema,
  gainDb,
};

export const newSeries = z
  .object({
    ...draftShape,
    bulletinId: z.string(),
    approvalId: draftShape.approvalId.default(null),
    rank: rank.default(50),
    repeat: repeatSchema.default({ times: 1, gapMs: 0 }),
    gainDb: gainDb.default(0),
  })
  .meta({ id: 'NewSeries' });

export const seriesChanges = z.object(draftShape).partial().meta({ id: 'SeriesChanges' });

export const seriesView = z
  .object({
    ...draftShape,
    id: z.string(),
    rootId: z.string(),
    bulletinId: z.string(),
    title: z.string(),
    class: z.enum(BROADCAST_CLASSES),
    approvalState: z.enum(['waiting', 'approved', 'returned', 'void']).nullable(),
    timeZone: z.string(),
    state: z.enum(['draft', 'active', 'ended', 'withdrawn']),
    nextStartMs: z.int().nullable(),
    createdBy: z.string(),
    createdMs: z.int(),
    updatedMs: z.int(),
  })
  .meta({ id: 'Series' });

const left = z.object({
  clusterId: z.string(),
  startsAtMs: z.int(),
  /** In Vietnamese. */
  reason: z.string(),
  code: z.string(),
});

export const dryRun = z
  .object({
    /** The plan is looked at from `fromMs` to `untilMs`, exclusive; what lies later is not judged. */
    fromMs: z.int(),
    untilMs: z.int(),
    occurrences: z.int(),
    clusterIds: z.array(z.string()).readonly(),
    minutesAdded: z.number(),
    firstStartMs: z.int().nullable(),
    /** Meetings with another sound on the same horn. At most 200. */
    conflicts: z.array(left.extend({ otherTitle: z.string() })).readonly(),
    /** Starts that would be left out. At most 200. */
    skips: z.array(left).readonly(),
  })
  .meta({ id: 'DryRun' });
export type DryRunView = z.output<typeof dryRun>;
