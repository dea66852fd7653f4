import { z } from 'zod';
import { cancelBody, playBody, selfTestBody, sessionCloseBody, sessionOpenBody } from './acts.ts';
import { planBody } from './plan.ts';
import { deviceId, epochMs, idText, nonce, type Revision, revision, shortId, suite } from './scalars.ts';
import { configBody, holdBody, keysBody, policyBody, updateBody } from './states.ts';
import type { Channel } from './topics.ts';

/** States: the newest (epoch, rev) wins in any order of arrival; re-sent until reported or refused. */
export const STATE_KINDS = ['plan', 'policy', 'hold', 'config', 'keys', 'update'] as const;
export type StateKind = (typeof STATE_KINDS)[number];
/** Acts: done at most once, before `expMs`, and remembered until then plus the clock's uncertainty. */
export const ACT_KINDS = ['play', 'session-open', 'session-close', 'self-test', 'cancel'] as const;
export type ActKind = (typeof ACT_KINDS)[number];
/** Answers: signed like orders, but ask nothing of the box. */
export const REPLY_KINDS = ['welcome', 'ack', 'time'] as const;
export type ReplyKind = (typeof REPLY_KINDS)[number];

const signed = { v: z.literal(1), suite, device: deviceId, id: shortId, issuedAtMs: epochMs };
/** Addresses every box of the site. Only `keys` may: the offline root cannot sign for each box that is enrolled later. */
export const EVERY_BOX = '*';
const state = { ...signed, epoch: revision.shape.epoch, rev: revision.shape.rev };
const act = { ...signed, expMs: epochMs };

/** Which revision of each state is meant; a state that is not named has never been sent. */
const stateRevisions = z.partialRecord(z.enum(STATE_KINDS), revision);
export type StateRevisions = Partial<Record<StateKind, Revision>>;
/** Where a journal stands: `seq` of the newest event known there, 0 for none. */
export const journalPosition = z.strictObject({ journalId: idText, seq: z.int().min(0) });

/** Every message that the controller signs. Unknown fields are refused: a box must understand all that it obeys. */
export const signedMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('plan'), ...state, body: planBody }),
  z.strictObject({ kind: z.literal('policy'), ...state, body: policyBody }),
  z.strictObject({ kind: z.literal('hold'), ...state, body: holdBody }),
  z.strictObject({ kind: z.literal('config'), ...state, body: configBody }),
  z.strictObject({ kind: z.literal('keys'), ...state, device: z.literal(EVERY_BOX), body: keysBody }),
  z.strictObject({ kind: z.literal('update'), ...state, body: updateBody }),
  z.strictObject({ kind: z.literal('play'), ...act, body: playBody }),
  z.strictObject({ kind: z.literal('session-open'), ...act, body: sessionOpenBody }),
  z.strictObject({ kind: z.literal('session-close'), ...act, body: sessionCloseBody }),
  z.strictObject({ kind: z.literal('self-test'), ...act, body: selfTestBody }),
  z.strictObject({ kind: z.literal('cancel'), ...act, body: cancelBody }),
  z.strictObject({
    kind: z.literal('welcome'),
    ...signed,
    body: z.strictObject({
      /** The nonce of the `hello` that this answers; anything else is ignored. */
      nonce,
      timeMs: epochMs,
      /** What the box should hold; what differs follows on `order`. */
      states: stateRevisions,
      /** States whose signed original the controller does not know: the box sends it in its journal (restore). */
      wants: z.array(z.enum(STATE_KINDS)).max(STATE_KINDS.length),
      /** What the controller has committed of the box's journal; may be lower than the box thought. `null`: nothing. */
      journal: journalPosition.nullable(),
    }),
  }),
  z.strictObject({ kind: z.literal('ack'), ...signed, body: journalPosition }),
  z.strictObject({ kind: z.literal('time'), ...signed, body: z.strictObject({ nonce, timeMs: epochMs }) }),
]);
export type SignedMessage = z.output<typeof signedMessage>;
export type MessageKind = SignedMessage['kind'];
export type MessageOf<Kind extends MessageKind> = Extract<SignedMessage, { readonly kind: Kind }>;
export type StateOrder = Extract<SignedMessage, { readonly rev: number }>;
export type ActOrder = Extract<SignedMessage, { readonly expMs: number }>;
export type Order = StateOrder | ActOrder;

/** The channel on which each kind of message may arrive; on any other it is refused. */
export const CHANNEL_OF = {
  plan: 'order',
  policy: 'order',
  hold: 'order',
  config: 'order',
  keys: 'order',
  update: 'order',
  play: 'order',
  'session-open': 'order',
  'session-close': 'order',
  'self-test': 'order',
  cancel: 'order',
  welcome: 'welcome',
  ack: 'ack',
  time: 'time/res',
} as const satisfies Record<MessageKind, Channel>;

/** Tells a state from an act or an answer. */
export function isStateOrder(message: SignedMessage): message is StateOrder {
  return 'rev' in message;
}

/** Tells an act from a state or an answer. */
export function isActOrder(message: SignedMessage): message is ActOrder {
  return 'expMs' in message;
}
