import { z } from 'zod';
import { journalPosition, STATE_KINDS } from './orders.ts';
import { auditHead } from './plan.ts';
import { clockState, epochMs, idText, nonce, revision, sha256 } from './scalars.ts';

/** A state as a box holds it; `digest` is the SHA-256 of the JWS text that it stored. */
export const heldState = z.object({ ...revision.shape, digest: sha256 });

/** `hello`: unsigned JSON, repeated with back-off until the welcome that carries its nonce arrives. */
export const hello = z.object({
  v: z.literal(1),
  nonce,
  /** Random per boot of the machine (Linux: boot_id). */
  bootId: idText,
  /** Random per start of the process and never stored: two that alternate are clones, one replaced once is a restart. */
  instanceId: idText,
  /** Counts the births of this database; the will of the same connection carries it. */
  birth: z.int().min(1),
  agentVersion: z.string().max(64),
  protocols: z.array(z.int()).min(1).max(8),
  states: z.partialRecord(z.enum(STATE_KINDS), heldState),
  journal: journalPosition,
  /** What this box believes the controller has committed. */
  ackedTo: z.int().min(0),
  clock: z.object({ state: clockState, nowMs: epochMs, uncertaintyMs: z.number().min(0) }),
  /** Versions of what runs beside the agent, such as `firmware` and `bridge`. */
  components: z.record(z.string().max(40), z.string().max(64)).optional(),
  /** Whether the device itself cuts the amplifier when its lease runs out (P8). */
  failSafe: z.enum(['device-timer', 'none']).optional(),
  /** Head of the audit chain in the plan held: this box is its witness (P10). */
  auditHead: auditHead.optional(),
});
export type Hello = z.output<typeof hello>;

/** `status`: retained; `offline` is the will. A late will carries an older birth and is ignored. */
export const status = z.object({
  v: z.literal(1),
  state: z.enum(['online', 'offline']),
  birth: z.int().min(1),
  instanceId: idText,
});
export type Status = z.output<typeof status>;

/** `time/req`: a fresh nonce; the signed answer is a `time` message. */
export const timeRequest = z.object({ v: z.literal(1), nonce });
export type TimeRequest = z.output<typeof timeRequest>;
