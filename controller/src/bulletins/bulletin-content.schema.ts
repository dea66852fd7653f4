import { z } from 'zod';

const MAX_TEXT = 20_000;

/** One step of a bulletin as its author wrote it. */
export const segment = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('chime') }),
    z.object({
      kind: z.literal('speech'),
      text: z.string().trim().min(1, 'wanted some text to speak').max(MAX_TEXT),
      /** The words to speak when the normaliser's are not right; null: as the normaliser says. */
      spoken: z.string().trim().min(1).max(MAX_TEXT).nullable().default(null),
    }),
    z.object({
      kind: z.literal('recording'),
      sound: z.string().regex(/^[0-9a-f]{64}$/, 'wanted the SHA-256 of an uploaded sound'),
    }),
    z.object({ kind: z.literal('pause'), ms: z.int().min(100).max(60_000) }),
  ])
  .meta({ id: 'Segment' });
export type Segment = z.output<typeof segment>;

/** One language of a bulletin. */
export const variantDraft = z
  .object({
    language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'wanted a BCP 47 tag such as vi'),
    segments: z.array(segment).min(1).max(40).readonly(),
  })
  .meta({ id: 'VariantDraft' });
export type VariantDraft = z.output<typeof variantDraft>;

/** All that an author writes: each language once. */
export const variantDrafts = z
  .array(variantDraft)
  .min(1)
  .max(10)
  .readonly()
  .refine((variants) => new Set(variants.map(({ language }) => language)).size === variants.length, {
    message: 'each language may stand only once',
  });

/** The JSON column `bulletins.content`. */
export interface BulletinContent {
  readonly variants: readonly VariantDraft[];
  /** True when it rests on a procedure record that the commune has not verified. */
  readonly unverified: boolean;
  /** Everybody who wrote in it, the first one first: none of them may approve it (P2). */
  readonly authors: readonly string[];
}
