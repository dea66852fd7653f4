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
  let why = '';
  const open = async (jws: string) => {
    const judged = await openMessage(jws, { device, root, keys: undefined });
    if (judged.ok && judged.message.kind === 'keys') return judged.message;
    why = judged.ok ? `it is a ${judged.message.kind} message` : judged.why;
    return undefined;
  };
  const stored = states.held('keys');
  let message = stored && (await open(stored.jws));
  if (!message) {
    message = await open(enrolledKeys);
    if (!message)
      throw new AppError<AgentErrorCode>(
        `the keys that came with the enrolment do not open under the root for this box (${why}): enrol it again`,
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
