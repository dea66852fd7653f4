import type { DeviceId } from '@loa/kernel';
import type { RefusalCode } from './codes.ts';
import { foreignSuite } from './foreign-suite.ts';
import { issuesInWords } from './issues-in-words.ts';
import { messageFault } from './message-fault.ts';
import { CHANNEL_OF, type SignedMessage, signedMessage } from './orders.ts';
import { openJws, type PublicKey } from './signing.ts';
import type { KeysBody } from './states.ts';
import type { Channel } from './topics.ts';

/** What a box was enrolled with and what it learned since: the root, and the order keys that the root vouches for. */
export interface Trust {
  readonly device: DeviceId;
  readonly root: PublicKey;
  /** Body of the newest `keys` state; `undefined` only while that very message is opened. */
  readonly keys: KeysBody | undefined;
}

/** A message that may be looked at further, or why it may not. */
export type Judged =
  | { readonly ok: true; readonly message: SignedMessage; readonly kid: string }
  | { readonly ok: false; readonly code: RefusalCode; readonly why: string };

/**
 * Opens a signed message for one box: signature, key, schema, suite, channel, device, signer. What needs memory or a clock
 * (expiry, replay, revision) is judged by the box's inbox afterwards (P1).
 * @param channel where it arrived; `undefined` when it was fetched or stored, where channels do not exist.
 * @param nowMs the box's time when it is trusted; without it the dates of a key are not judged, only its revocation.
 */
export async function openMessage(
  jws: string,
  trust: Trust,
  {
    channel,
    nowMs,
    maxBytes,
  }: { readonly channel?: Channel; readonly nowMs?: number; readonly maxBytes?: number } = {},
): Promise<Judged> {
  const records = trust.keys?.orderKeys ?? [];
  const opened = await openJws(
    jws,
    (kid) => (kid === trust.root.kid ? trust.root : records.find((record) => record.kid === kid)),
    maxBytes,
  );
  if (!opened.ok) return opened;
  const { kid } = opened;
  const refuse = (code: RefusalCode, why: string): Judged => ({ ok: false, code, why });
  const record = records.find((candidate) => candidate.kid === kid);
  if (record?.revoked) return refuse('order/key-not-valid', 'the key that signed it is revoked');
  if (record && nowMs !== undefined && (nowMs < record.notBeforeMs || nowMs > record.notAfterMs))
    return refuse('order/key-not-valid', 'the key that signed it is not valid now');
  const foreign = foreignSuite(opened.payload);
  if (foreign !== undefined) return refuse('order/wrong-suite', foreign);
  const parsed = signedMessage.safeParse(opened.payload);
  if (!parsed.success) return refuse('order/bad-payload', issuesInWords(parsed.error));
  const message = parsed.data;
  if (message.device !== trust.device && message.kind !== 'keys')
    return refuse('order/wrong-device', `it is for ${message.device}`);
  if (channel !== undefined && CHANNEL_OF[message.kind] !== channel)
    return refuse('order/wrong-channel', `a ${message.kind} message may not come on ${channel}`);
  const byRoot = kid === trust.root.kid;
  if (byRoot !== (message.kind === 'keys'))
    return refuse('order/wrong-signer', byRoot ? 'the root signs only keys' : 'only the root signs keys');
  const fault = messageFault(message);
  if (fault !== undefined) return refuse('order/bad-payload', fault);
  return { ok: true, message, kid };
}
