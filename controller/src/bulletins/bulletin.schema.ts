import { BROADCAST_CLASSES } from '@loa/schedules';
import { z } from 'zod';
import { oneLine } from '../one-line.schema.ts';
import { segment, variantDrafts } from './bulletin-content.schema.ts';

const broadcastClass = z.enum(BROADCAST_CLASSES);
const title = oneLine(200).meta({ example: 'Lịch tiêm chủng tháng 3' });

export const newBulletin = z
  .object({ areaId: z.string(), title, class: broadcastClass.default('routine'), variants: variantDrafts })
  .meta({ id: 'NewBulletin' });

/** `version` is the one that the author looked at; what is left out stays as it is. */
export const bulletinChanges = z
  .object({ version: z.int().min(1), title, class: broadcastClass, variants: variantDrafts })
  .partial({ title: true, class: true, variants: true })
  .meta({ id: 'BulletinChanges' });

export const fromProcedure = z
  .object({ procedureId: z.string(), areaId: z.string(), length: z.literal('short').default('short') })
  .meta({ id: 'BulletinFromProcedure' });

const sound = z.object({
  sha256: z.string(),
  byteLength: z.int(),
  durationMs: z.int(),
  loudnessLufs: z.number().nullable(),
  truePeakDbtp: z.number().nullable(),
  madeBy: z.string(),
});

export const bulletinSummary = z
  .object({
    id: z.string(),
    areaId: z.string(),
    title: z.string(),
    class: broadcastClass,
    version: z.int(),
    state: z.enum([
      'draft',
      'rendering',
      'ready',
      'failed',
      'submitted',
      'approved',
      'returned',
      'withdrawn',
    ]),
    languages: z.array(z.string()).readonly(),
    unverified: z.boolean(),
    procedure: z.object({ id: z.string(), version: z.int() }).nullable(),
    authorId: z.string(),
    failure: z.object({ code: z.string(), detail: z.string() }).nullable(),
    createdMs: z.int(),
    updatedMs: z.int(),
  })
  .meta({ id: 'BulletinSummary' });

const said = z.object({
  spoken: z.string(),
  changes: z.array(z.object({ from: z.string(), to: z.string(), rule: z.string() })).readonly(),
});
const part = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sound'), sound: z.int(), language: z.string().optional() }),
  z.object({ kind: z.literal('pause'), ms: z.int() }),
  z.object({
    kind: z.literal('relay'),
    relayId: z.string(),
    maxMs: z.int(),
    fallback: z.array(z.int()).readonly(),
  }),
]);

export const bulletin = bulletinSummary
  .extend({
    variants: z
      .array(
        z.object({
          language: z.string(),
          /** `said`: the words that a voice gets, and what is said otherwise than written. */
          segments: z.array(z.intersection(segment, z.object({ said: said.optional() }))).readonly(),
        }),
      )
      .readonly(),
    /** What can be heard of this very version; empty before it is rendered. */
    rendered: z
      .array(
        z.object({
          language: z.string(),
          durationMs: z.int(),
          spokenText: z.string(),
          /** In order; `sound` is an index into `sounds`. */
          parts: z.array(part).readonly(),
          sounds: z.array(sound).readonly(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'Bulletin' });
