import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '@loa/kernel';
import type { BrokerRole } from '../broker/acl.ts';
import type { BrokerCredentials } from '../broker/broker-process.ts';
import type { Db } from '../db/database.ts';
import { createDeviceStore, type DeviceRow } from './device.store.ts';

/** Tells who knocks, at the broker and at the edge routes: a box by its link key, the controller by its password of this run. */
export interface DeviceLink {
  /** Judges a login at the broker. A box's client id is its device id, and so is its user name. */
  authenticateLink(credentials: BrokerCredentials): Promise<BrokerRole>;
  /** Returns the active box with this id and link key, or `undefined`. */
  activeBox(deviceId: string, linkKey: string): Promise<DeviceRow | undefined>;
}

/** The controller's own user name at the embedded broker. No device id can be it: those begin with `box-`. */
export const CONTROLLER_USERNAME = 'controller';

/** Creates the check on the main database; a box that was replaced or revoked is nobody. */
export function createDeviceLink({
  db,
  controllerPassword,
}: {
  readonly db: Db;
  readonly controllerPassword: Secret;
}): DeviceLink {
  const activeBox = async (deviceId: string, linkKey: string) => {
    const row = await createDeviceStore(db).find(deviceId);
    // An unknown id costs the same comparison: the time tells nothing about which ids exist.
    const fits = equal(linkKey, row?.link_key ?? '');
    return row?.state === 'active' && fits ? row : undefined;
  };
  return {
    activeBox,
    async authenticateLink({ clientId, username, password }) {
      if (username === undefined || password === undefined) return { role: 'refused' };
      if (username === CONTROLLER_USERNAME)
        return { role: equal(password.reveal(), controllerPassword.reveal()) ? 'controller' : 'refused' };
      if (clientId !== username) return { role: 'refused' };
      const box = await activeBox(username, password.reveal());
      return box ? { role: 'device', deviceId: box.id } : { role: 'refused' };
    },
  };
}

/** Compares secrets of any length in constant time. */
function equal(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
