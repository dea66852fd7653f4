import { type PublicKey, parseDeviceId } from '@loa/contract';
import type { DeviceId } from '@loa/kernel';
import type { Selectable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';

/** A box that may be spoken to and believed: enrolled, not replaced, not revoked. */
export interface Box {
  readonly id: DeviceId;
  readonly clusterId: string;
  readonly key: PublicKey;
  /** base64url of 32 bytes. */
  readonly linkKey: string;
}

const asBox = (row: Selectable<Tables['devices']>): Box => ({
  id: parseDeviceId(row.id),
  clusterId: row.cluster_id,
  key: { kid: row.kid, x: row.public_x },
  linkKey: row.link_key,
});

/** Reads active boxes. */
export function createBoxStore(db: Db) {
  const active = () => db.selectFrom('devices').selectAll().where('state', '=', 'active');
  return {
    async find(id: string): Promise<Box | undefined> {
      const row = await active().where('id', '=', id).executeTakeFirst();
      return row && asBox(row);
    },
    async ofCluster(clusterId: string): Promise<Box | undefined> {
      const row = await active().where('cluster_id', '=', clusterId).executeTakeFirst();
      return row && asBox(row);
    },
    async all(): Promise<readonly Box[]> {
      return (await active().orderBy('id').execute()).map(asBox);
    },
  };
}
