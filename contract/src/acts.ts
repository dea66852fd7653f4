import { z } from 'zod';
import { playRules } from './play-rules.ts';
import { epochMs, gainDb, idText, occurrenceId, sentence, sha256, shortId, spanMs } from './scalars.ts';
import { parts, repeat, soundRef } from './sound.ts';

/** Who let it out, and how: a template authorised beforehand, or people. Kept in the journal with the airing. */
const authority = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('template'), templateId: idText, version: z.int().min(1), by: sentence }),
  z.strictObject({ kind: z.literal('two-persons'), by: sentence, confirmedBy: sentence }),
  z.strictObject({ kind: z.literal('approval'), manifest: sha256, by: sentence }),
]);

/** `play`: sound this now, on this box. */
export const playBody = z.strictObject({
  /** Made by the controller: `cluster~<id of the act as first issued>~<UTC ms>`. Issued anew, it is the same occurrence (P4). */
  occurrenceId,
  title: sentence,
  rules: playRules,
  sounds: z.array(soundRef).max(64),
  parts,
  repeat,
  gainDb,
  /** Start together with the other boxes at this instant, or as soon as possible when it has passed. */
  startAtMs: epochMs.nullable(),
  /** Not a sample after this instant: yesterday's warning is never heard today. */
  stopByMs: epochMs,
  drill: z.boolean(),
  authority,
});

/** `session-open`: join a live or relay broadcast. The frame key itself comes only over the box's own TLS (P1). */
export const sessionOpenBody = z.strictObject({
  sessionId: idText,
  /** Of the plan when it fills a relay part, else made as for `play`. */
  occurrenceId,
  title: sentence,
  source: z.enum(['live', 'relay']),
  /** The relay part of the plan that this session fills, when there is one. */
  relayId: idText.nullable(),
  rules: playRules,
  gainDb,
  startAtMs: epochMs,
  maxMs: spanMs,
  frameKeySha256: sha256,
  /** Sound is buffered this long before it plays, so that clusters stay together. */
  jitterMs: z.int().min(0).max(5000),
  sounds: z.array(soundRef).max(64),
  /** Played before the first frame. */
  preRoll: z.array(z.int().min(0)).max(8),
  /** Played when the link dies; empty: go back to the plan. */
  standBy: z.array(z.int().min(0)).max(8),
  authority,
});

/** `session-close`: leave it. */
export const sessionCloseBody = z.strictObject({ sessionId: idText, reason: sentence });

/** `self-test`: prove the chain. Louder than -40 dB it obeys quiet hours (P7). */
export const selfTestBody = z.strictObject({
  stages: z
    .array(z.enum(['sink', 'amplifier', 'line', 'horn']))
    .min(1)
    .max(4),
  gainDb,
});

/** `cancel`: withdraw an act, also one that has not arrived yet (decision 0007). */
export const cancelBody = z.strictObject({ actId: shortId, reason: sentence, by: sentence });

export type PlayBody = z.output<typeof playBody>;
export type SessionOpenBody = z.output<typeof sessionOpenBody>;
