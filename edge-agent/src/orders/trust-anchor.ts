import { type KeyRecord, type KeysBody, openMessage, type PublicKey, type Trust } from '@loa/contract';
import { AppError, type DeviceId } from '@loa/kernel';
import type { AgentErrorCode } from '../errors.ts';
import type { StateStore } from './state-store.ts';

/** Whom the box obeys: the root it was enrolled with, and the keys that the newest `keys` state names. */
export interface TrustAnchor {
  current(): Trust;
  /** Takes the body of a newer `keys` state. */
  adopt(keys: KeysBody): void;
  /** Returns the record of an order key. */
  recordOf(kid: string): KeyRecord | undefined;
}

/**
 * Builds trust from what is stored, or from the `keys` state that came with the enrolment when nothing is.
 * @throws {AppError} agent/bad-identity when neither opens under the root.
 */
export async function establishTrust({
  device,
  root,
  enrolledKeys,
  states,
}: {
  readonly device: DeviceId;
  readonly root: PublicKey;
  readonly enrolledKeys: string;
  readonly states: StateStore;
}): Promise<TrustAnchor> {
  const open = async (jws: string) => {
    const judged = await openMessage(jws, { device, root, keys: undefined });
    return judged.ok && judged.message.kind === 'keys' ? judged.message : undefined;
  };
  const stored = states.held('keys');
  let message = stored && (await open(stored.jws));
  if (!message) {
    message = await open(enrolledKeys);
    if (!message)
      throw new AppError<AgentErrorCode>(
        'the keys that came with the enrolment are not signed by the root for this box: enrol it again',
        { code: 'agent/bad-identity' },
      );
    states.keep('keys', message, enrolledKeys);
  }
  let keys = message.body;
  return {
    current: () => ({ device, root, keys }),
    adopt(newer) {
      keys = newer;
    },
    recordOf: (kid) => keys.orderKeys.find((record) => record.kid === kid),
  };
}
