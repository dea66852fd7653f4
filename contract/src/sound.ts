import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { idText, sha256, spanMs } from './scalars.ts';

/** A sound by its content: an Ogg/Opus file (RFC 7845), mono, whose SHA-256 is its name. */
export const soundRef = z.strictObject({
  sha256,
  bytes: z.int().min(1).max(LIMITS.soundBytes),
  durationMs: z.int().min(1).max(LIMITS.soundMs),
});
export type SoundRef = z.output<typeof soundRef>;

const soundPart = z.strictObject({
  kind: z.literal('sound'),
  sound: z.int().min(0),
  language: z.string().max(35).optional(),
});
const pausePart = z.strictObject({
  kind: z.literal('pause'),
  ms: z
    .int()
    .min(0)
    .max(10 * 60_000),
});
/**
 * One step of what is played, in order. `sound` is an index into the order's `sounds`.
 * A relay plays the session that names this occurrence, for at most `maxMs`, else its fallback sounds.
 */
const part = z.discriminatedUnion('kind', [
  soundPart,
  pausePart,
  z.strictObject({
    kind: z.literal('relay'),
    relayId: idText,
    maxMs: spanMs,
    fallback: z.array(z.int().min(0)).max(LIMITS.partsPerItem),
  }),
]);
export type Part = z.output<typeof part>;

/** How often the parts are said, with silence between. An ordered repeat is part of the same occurrence. */
export const repeat = z.strictObject({
  times: z.int().min(1).max(99),
  gapMs: z
    .int()
    .min(0)
    .max(10 * 60_000),
});

/** The parts of one item, bounded. */
export const parts = z.array(part).min(1).max(LIMITS.partsPerItem);
/** The parts of a pinned warning, which must sound without any link: no relay. */
export const offlineParts = z
  .array(z.discriminatedUnion('kind', [soundPart, pausePart]))
  .min(1)
  .max(LIMITS.partsPerPinned);

/** Tells whether every sound that the steps name, also as a fallback, is among the first `soundCount`. */
export function namesOnly(steps: readonly Part[], soundCount: number): boolean {
  return steps.every((step) => {
    if (step.kind === 'pause') return true;
    const used = step.kind === 'sound' ? [step.sound] : step.fallback;
    return used.every((sound) => sound < soundCount);
  });
}
