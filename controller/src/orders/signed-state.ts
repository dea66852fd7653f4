import { createHash } from 'node:crypto';
import {
  type MessageOf,
  type PlanContent,
  type Revision,
  type Signer,
  type StateKind,
  SUITES,
  signedMessage,
} from '@loa/contract';
import { AppError, type DeviceId } from '@loa/kernel';
import type { ControllerErrorCode } from '../errors.ts';

/** States that an order key signs; `keys` is the root's. */
export type OwnStateKind = Exclude<StateKind, 'keys'>;
/** What a state says; a plan always whole, however it will travel. */
export type StateBody<Kind extends OwnStateKind> = Kind extends 'plan'
  ? PlanContent
  : MessageOf<Kind>['body'];

/** A state ready to go: what is stored as the original, and what is put on the wire. */
export interface SignedState {
  readonly original: string;
  readonly wire: string;
}

/** Above this a plan is fetched by its hash: the rest of a message's 64 KiB is left to the broker's own framing and to growth. */
const INLINE_PLAN_BYTES = 48 * 1024;

/** Returns the lower-case hex SHA-256 of a text. */
export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Returns the hash by which two bodies are the same to a box. The audit head moves with every change anywhere: alone it is no reason to send. */
export function contentHashOf(kind: OwnStateKind, body: object): string {
  return sha256Of(JSON.stringify(kind === 'plan' ? { ...body, auditHead: null } : body));
}

/**
 * Signs one revision of a state for one box.
 * @throws {AppError} order/not-valid when no box would take it.
 */
export async function signState<Kind extends OwnStateKind>(
  signer: Signer,
  kind: Kind,
  body: StateBody<Kind>,
  head: { readonly device: DeviceId; readonly id: string; readonly issuedAtMs: number } & Revision,
): Promise<SignedState> {
  const envelope = { kind, v: 1, suite: SUITES[0], ...head };
  if (kind !== 'plan') {
    const jws = await signer.sign(checked({ ...envelope, body }));
    return { original: jws, wire: jws };
  }
  const original = await signer.sign(checked({ ...envelope, body: { kind: 'inline', content: body } }));
  if (original.length <= INLINE_PLAN_BYTES) return { original, wire: original };
  const byHash = { kind: 'by-hash', sha256: sha256Of(original), bytes: original.length };
  return { original, wire: await signer.sign(checked({ ...envelope, body: byHash })) };
}

/**
 * Returns the message as the contract reads it.
 * @throws {AppError} order/not-valid naming the field: what no box would take must not be signed.
 */
export function checked(message: object): object {
  const parsed = signedMessage.safeParse(message);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError<ControllerErrorCode>(
    `an order cannot be sent: ${issue?.path.join('.') ?? 'it'}: ${issue?.message ?? 'not as the contract wants'}`,
    { code: 'order/not-valid', cause: parsed.error },
  );
}
