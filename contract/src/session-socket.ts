import { z } from 'zod';
import { idText } from './scalars.ts';

const head = { v: z.literal(1), sessionId: idText };
const frameCount = z.int().min(0).max(0xffff_ffff);

/** To the box, first of all, over its own TLS; the key's SHA-256 stands in the signed `session-open`. */
export const sessionKey = z.object({
  ...head,
  kind: z.literal('session-key'),
  frameKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});

/** From the box, every second while it is joined: how live the live broadcast is. */
export const sessionReport = z.object({
  ...head,
  kind: z.literal('session-report'),
  /** Sound that has arrived and has not left yet. */
  bufferMs: z.int().min(0).max(60_000),
  framesHeard: frameCount,
  framesRefused: frameCount,
  /** Whether it leaves the horn now. */
  sounding: z.boolean(),
});
export type SessionReport = z.output<typeof sessionReport>;

/** To the box: no frame follows `lastSeq`; what has arrived is played out. */
export const sessionEnd = z.object({
  ...head,
  kind: z.literal('session-end'),
  /** `null`: there was no frame. */
  lastSeq: frameCount.nullable(),
});
export type SessionEnd = z.output<typeof sessionEnd>;

/** Why the controller closes a session's WebSocket (RFC 6455 §7.4.2, private range): 4000 + the HTTP status of the same meaning. */
export const SESSION_CLOSE_CODES = {
  unauthorised: 4401,
  ended: 4410,
  'too-slow': 4429,
} as const satisfies Record<string, number>;
