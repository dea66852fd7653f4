import {
  type ActOrder,
  type Channel,
  isActOrder,
  isStateOrder,
  LIMITS,
  looksLikePing,
  type MessageOf,
  openMessage,
  openPing,
  type ReplyKind,
  type StateOrder,
} from '@loa/contract';
import type { DeviceId, Secret } from '@loa/kernel';
import type { TimeReading } from '../clock/timekeeper.ts';
import type { Receipts } from './receipts.ts';
import type { Refusals } from './refusals.ts';
import { nameOfRefused } from './refused-order.ts';
import type { TrustAnchor } from './trust-anchor.ts';

/** What is done with a message that was proven to come from the controller and to be for this box. */
export interface IntakeHandlers {
  state(message: StateOrder, jws: string): void;
  act(message: ActOrder): void;
  answer(message: MessageOf<ReplyKind>, kid: string): void;
  ping(nonce: Uint8Array): void;
}

/** Takes a message as it came from the wire: proves it, then hands it on; or refuses, counts and reports it (P1). */
export type Intake = (channel: Channel, payload: Uint8Array) => Promise<void>;

/** Creates the intake of one box. Only `handlers` may make anything sound. */
export function createIntake({
  device,
  pingKey,
  trust,
  time,
  refusals,
  receipts,
  handlers,
}: {
  readonly device: DeviceId;
  readonly pingKey: Secret<Uint8Array>;
  readonly trust: TrustAnchor;
  readonly time: { read(): TimeReading };
  readonly refusals: Refusals;
  readonly receipts: Receipts;
  readonly handlers: IntakeHandlers;
}): Intake {
  const refused = async (
    channel: Channel,
    jws: string,
    code: Parameters<Refusals['count']>[1],
    why: string,
  ) => {
    refusals.count(channel, code, why);
    const order = code === 'order/wrong-device' ? undefined : await nameOfRefused(jws, trust.current());
    if (order) receipts.refuse(order, code, why);
  };

  return async (channel, payload) => {
    if (payload.length > LIMITS.mqttPayload)
      return refusals.count(channel, 'order/too-large', `${payload.length} bytes`);
    if (channel === 'order' && looksLikePing(payload)) {
      const nonce = openPing(pingKey.reveal(), device, payload);
      return nonce ? handlers.ping(nonce) : refusals.count(channel, 'order/bad-signature', 'a forged ping');
    }
    const jws = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('latin1');
    const { nowMs, state } = time.read();
    const judged = await openMessage(jws, trust.current(), {
      channel,
      ...(state === 'untrusted' ? {} : { nowMs }),
    });
    if (!judged.ok) return refused(channel, jws, judged.code, judged.why);
    const { message, kid } = judged;
    if (isStateOrder(message)) return handlers.state(message, jws);
    if (isActOrder(message)) return handlers.act(message);
    return handlers.answer(message, kid);
  };
}
