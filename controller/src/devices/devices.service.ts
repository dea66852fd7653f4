import { randomBytes } from 'node:crypto';
import { AppError, type Clock, type RandomId } from '@loa/kernel';
import { requireWithin } from '../areas/area-access.service.ts';
import { recordAudit } from '../audit/audit.service.ts';
import { createClusterStore } from '../clusters/cluster.store.ts';
import type { Db } from '../db/database.ts';
import type { ControllerErrorCode } from '../errors.ts';
import type { Actor } from '../http/access.ts';
import { readCsr } from './csr.ts';
import { createDeviceStore, type DeviceRow } from './device.store.ts';
import { createEnrolmentStore, type EnrolmentRow } from './enrolment.store.ts';

/** A box, now or formerly of this site. Its keys are never shown. */
export interface Device {
  readonly id: string;
  readonly clusterId: string;
  readonly kid: string;
  readonly state: 'active' | 'replaced' | 'revoked';
  readonly enrolledMs: number;
  readonly endedMs: number | null;
}

/** A box that asks to serve a cluster. */
export interface PendingEnrolment {
  readonly id: string;
  readonly clusterId: string;
  readonly clusterName: string;
  /** Must be the words that the box says. */
  readonly fingerprintWords: readonly string[];
  readonly hardware: Readonly<Record<string, string>>;
  readonly agentVersion: string;
  readonly createdMs: number;
  /** The box that would be replaced. */
  readonly replaces: string | null;
}

/** What a change of boxes means for others: who should hear something now, and whose connection must end. */
export interface DeviceChange {
  readonly clusterId: string;
  readonly activated: string | undefined;
  readonly ended: string | undefined;
}

/** The console's side of boxes. */
export interface Devices {
  list(): Promise<readonly Device[]>;
  pending(): Promise<readonly PendingEnrolment[]>;
  /**
   * Lets a box in, after a person compared the words; the cluster's former box is replaced in the same breath.
   * @throws {AppError} device/enrolment-unknown, device/enrolment-decided, people/forbidden.
   */
  approve(actor: Actor, enrolmentId: string, origin: string): Promise<Device>;
  /** @throws {AppError} device/enrolment-unknown, device/enrolment-decided, people/forbidden. */
  refuse(actor: Actor, enrolmentId: string, reason: string, origin: string): Promise<void>;
  /** Trusts a box no more, for example a stolen one. @throws {AppError} device/unknown, people/forbidden, request/conflict. */
  revoke(actor: Actor, deviceId: string, origin: string): Promise<Device>;
}

/**
 * Creates the console's side of boxes.
 * @param onChanged told after the commit.
 */
export function createDevices({
  db,
  clock,
  newId,
  onChanged,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly newId: RandomId;
  readonly onChanged: (change: DeviceChange) => void;
}): Devices {
  const nowMs = () => clock.now().epochMilliseconds;

  const undecided = async (tx: Db, id: string): Promise<EnrolmentRow> => {
    const row = await createEnrolmentStore(tx).find(id);
    if (!row)
      throw new AppError<ControllerErrorCode>(`there is no enrolment ${id}`, {
        code: 'device/enrolment-unknown',
      });
    if (row.state !== 'pending')
      throw new AppError<ControllerErrorCode>(`this enrolment was decided already: it is ${row.state}`, {
        code: 'device/enrolment-decided',
      });
    return row;
  };
  const mayDecide = async (actor: Actor, clusterId: string) => {
    const cluster = await createClusterStore(db).find(clusterId);
    if (cluster) await requireWithin(db, actor, 'site:write', cluster.area_id);
  };

  return {
    list: async () => (await createDeviceStore(db).all()).map(toDevice),
    async pending() {
      const rows = await createEnrolmentStore(db).inState('pending');
      const clusters = await createClusterStore(db).all();
      const devices = await createDeviceStore(db).all();
      return rows.map((row) => ({
        id: row.id,
        clusterId: row.cluster_id,
        clusterName: clusters.find(({ id }) => id === row.cluster_id)?.name ?? '',
        fingerprintWords: row.fingerprint_words.split(' '),
        hardware: JSON.parse(row.hardware) as Record<string, string>,
        agentVersion: row.agent_version,
        createdMs: row.created_ms,
        replaces:
          devices.find(({ cluster_id, state }) => cluster_id === row.cluster_id && state === 'active')?.id ??
          null,
      }));
    },
    async approve(actor, enrolmentId, origin) {
      const asked = await undecided(db, enrolmentId);
      await mayDecide(actor, asked.cluster_id);
      const key = readCsr(asked.csr_pem);
      const { device, former } = await db.transaction().execute(async (tx) => {
        const row = await undecided(tx, enrolmentId);
        const devices = createDeviceStore(tx);
        const replaced = await devices.activeOf(row.cluster_id);
        if (replaced) await devices.end(replaced.id, 'replaced', nowMs());
        const added: DeviceRow = {
          id: `box-${newId()}`,
          cluster_id: row.cluster_id,
          public_x: key.x,
          kid: key.kid,
          link_key: randomBytes(32).toString('base64url'),
          certificate_pem: null,
          state: 'active',
          enrolled_ms: nowMs(),
          ended_ms: null,
        };
        await devices.add(added);
        await createEnrolmentStore(tx).decide(row.id, {
          state: 'issued',
          device_id: added.id,
          reason: '',
          decided_ms: nowMs(),
        });
        await recordAudit(tx, clock, {
          actor: actor.userId,
          action: 'device.enrolled',
          subject: `device:${added.id}`,
          before: replaced ? { replaced: replaced.id } : undefined,
          after: { clusterId: row.cluster_id, kid: key.kid, words: row.fingerprint_words },
          origin,
        });
        return { device: added, former: replaced };
      });
      onChanged({ clusterId: device.cluster_id, activated: device.id, ended: former?.id });
      return toDevice(device);
    },
    async refuse(actor, enrolmentId, reason, origin) {
      await mayDecide(actor, (await undecided(db, enrolmentId)).cluster_id);
      await db.transaction().execute(async (tx) => {
        const row = await undecided(tx, enrolmentId);
        await createEnrolmentStore(tx).decide(row.id, {
          state: 'refused',
          device_id: null,
          reason,
          decided_ms: nowMs(),
        });
        const facts = { actor: actor.userId, subject: `enrolment:${row.id}`, origin };
        await recordAudit(tx, clock, { ...facts, action: 'enrolment.refused', after: { reason } });
      });
    },
    async revoke(actor, deviceId, origin) {
      const found = await createDeviceStore(db).find(deviceId);
      if (!found) throw unknownDevice(deviceId);
      await mayDecide(actor, found.cluster_id);
      const ended = await db.transaction().execute(async (tx) => {
        const devices = createDeviceStore(tx);
        const row = await devices.find(deviceId);
        if (row?.state !== 'active')
          throw new AppError<ControllerErrorCode>(`${deviceId} does not serve any more`, {
            code: 'request/conflict',
          });
        await devices.end(deviceId, 'revoked', nowMs());
        const facts = { actor: actor.userId, subject: `device:${deviceId}`, origin };
        await recordAudit(tx, clock, { ...facts, action: 'device.revoked', before: { state: row.state } });
        return { ...row, state: 'revoked' as const, ended_ms: nowMs() };
      });
      onChanged({ clusterId: ended.cluster_id, activated: undefined, ended: deviceId });
      return toDevice(ended);
    },
  };
}

/** The fault of naming a box that does not exist. */
function unknownDevice(id: string): AppError<ControllerErrorCode> {
  return new AppError(`there is no device ${id}: GET /api/v1/devices lists them`, {
    code: 'device/unknown',
    details: { deviceId: id },
  });
}

const toDevice = (row: DeviceRow): Device => ({
  id: row.id,
  clusterId: row.cluster_id,
  kid: row.kid,
  state: row.state,
  enrolledMs: row.enrolled_ms,
  endedMs: row.ended_ms,
});
