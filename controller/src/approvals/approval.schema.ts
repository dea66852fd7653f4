import { BROADCAST_CLASSES } from '@loa/schedules';
import { z } from 'zod';
import { targetsSchema } from '../clusters/targets.schema.ts';

const clockTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'wanted HH:MM, 00:00 to 24:00');
const window = z
  .object({ days: z.array(z.int().min(1).max(7)).min(1).max(7).readonly(), from: clockTime, to: clockTime })
  .meta({ id: 'ApprovedWindow', example: { days: [1, 2, 3, 4, 5], from: '05:00', to: '06:30' } });

export const submission = z
  .object({
    targets: targetsSchema,
    firstDate: z.iso.date(),
    /** Inclusive. */
    lastDate: z.iso.date(),
    /** Spans of the week in which it may begin. */
    windows: z.array(window).min(1).max(50).readonly(),
  })
  .meta({ id: 'Submission' });

const manifest = z
  .object({
    bulletinId: z.string(),
    version: z.int(),
    title: z.string(),
    class: z.enum(BROADCAST_CLASSES),
    unverified: z.boolean(),
    variants: z
      .array(
        z.object({
          language: z.string(),
          sounds: z.array(z.string()).readonly(),
          spokenText: z.string(),
          durationMs: z.int(),
        }),
      )
      .readonly(),
    clusterIds: z.array(z.string()).readonly(),
    firstDate: z.string(),
    lastDate: z.string(),
    windows: z.array(window).readonly(),
  })
  .meta({ id: 'Manifest' });

export const approvalState = z.enum(['waiting', 'approved', 'returned', 'void']);

export const approval = z
  .object({
    id: z.string(),
    bulletinId: z.string(),
    state: approvalState,
    manifestSha: z.string(),
    manifest,
    submittedBy: z.string(),
    submittedMs: z.int(),
    decidedBy: z.string().nullable(),
    decidedMs: z.int().nullable(),
    reason: z.string(),
    heardToEnd: z.boolean(),
  })
  .meta({ id: 'Approval' });

const reason = z.string().trim().max(500);

export const approveDecision = z
  .object({
    /** The preview was played to its end. */
    heardToEnd: z.boolean(),
    /** Why it may air unheard; needed only then. */
    reason: reason.default(''),
  })
  .meta({ id: 'ApproveDecision' });

export const returnDecision = z
  .object({ reason: reason.min(1, 'say what should be changed') })
  .meta({ id: 'ReturnDecision' });
