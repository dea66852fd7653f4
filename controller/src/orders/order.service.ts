import { type ActKind, LIMITS, type MessageOf, SUITES } from '@loa/contract';
import { AppError, type Clock, type DeviceId, type RandomId } from '@loa/kernel';
import type { Db } from '../db/database.ts';
import type { ControllerErrorCode } from '../errors.ts';
import { createActStore } from './act.store.ts';
import {
  checked,
  contentHashOf,
  type OwnStateKind,
  type StateBody,
  sha256Of,
  signState,
} from './signed-state.ts';
import type { SiteKeys } from './site-keys.service.ts';
import { createStateStore } from './state.store.ts';

/** Signs what boxes must obey and stores it before anything is sent (P5). */
export interface Orders {
  /**
   * Makes `body` what the box should hold. An equal body under the current epoch changes nothing. Where two may set the same
   * state at once, give a function: it is asked inside the transaction, so that nobody sets what has been overtaken.
   */
  setState<Kind extends OwnStateKind>(
    device: DeviceId,
    kind: Kind,
    body: StateBody<Kind> | ((tx: Db) => Promise<StateBody<Kind>>),
  ): Promise<{ readonly outcome: 'changed' | 'unchanged'; readonly rev: number }>;
  /** Makes the newest `keys` state, signed by the root, what the box should hold. */
  offerKeys(device: DeviceId): Promise<void>;
  /**
   * Orders something at once, at most once, before `expMs`. Returns the order's id.
   * @throws {AppError} order/not-valid when it lives longer than 15 minutes or no box would take it.
   */
  issueAct<Kind extends ActKind>(
    device: DeviceId,
    kind: Kind,
    body: MessageOf<Kind>['body'],
    options: { readonly expMs: number },
  ): Promise<string>;
}

/** Creates the orders of a site. `onDue` is called when something new waits to be sent. */
export function createOrders({
  db,
  keys,
  clock,
  newId,
  onDue,
}: {
  readonly db: Db;
  readonly keys: SiteKeys;
  readonly clock: Clock;
  readonly newId: RandomId;
  readonly onDue: () => void;
}): Orders {
  return {
    async setState(device, kind, given) {
      const nowMs = clock.now().epochMilliseconds;
      const result = await db.transaction().execute(async (tx) => {
        const body = typeof given === 'function' ? await given(tx) : given;
        const contentHash = contentHashOf(kind, body);
        const store = createStateStore(tx);
        const row = await store.find(device, kind);
        const epoch = Math.max(keys.epoch, row?.epoch ?? 0); // never below what was signed before
        if (row?.content_hash === contentHash && row.epoch === epoch)
          return { outcome: 'unchanged' as const, rev: row.rev };
        const rev = row?.epoch === epoch ? row.rev + 1 : 1;
        const head = { device, id: newId('ord'), issuedAtMs: nowMs, epoch, rev };
        const { original, wire } = await signState(keys.orderSigner, kind, body, head);
        if (original.length > LIMITS.fetchedOrder)
          throw new AppError<ControllerErrorCode>(
            `the ${kind} of ${device} is ${original.length} bytes, at most ${LIMITS.fetchedOrder} can be sent`,
            { code: 'order/too-large' },
          );
        const digest = sha256Of(original);
        const named = { device_id: device, kind, epoch, rev, issued_ms: nowMs };
        await store.keepOriginal({ ...named, sha256: digest, jws: original });
        await store.put({
          ...named,
          jws: wire,
          digest,
          content_hash: contentHash,
          held_epoch: row?.held_epoch ?? null,
          held_rev: row?.held_rev ?? null,
          refused_code: null,
          attempts: 0,
          next_send_ms: nowMs,
        });
        return { outcome: 'changed' as const, rev };
      });
      if (result.outcome === 'changed') onDue();
      return result;
    },
    async offerKeys(device) {
      const jws = await keys.keysJws();
      const digest = sha256Of(jws);
      const nowMs = clock.now().epochMilliseconds;
      const store = createStateStore(db);
      const row = await store.find(device, 'keys');
      if (row?.digest === digest) return;
      await store.put({
        device_id: device,
        kind: 'keys',
        ...keys.keysRevision,
        jws,
        digest,
        content_hash: digest,
        issued_ms: nowMs,
        held_epoch: row?.held_epoch ?? null,
        held_rev: row?.held_rev ?? null,
        refused_code: null,
        attempts: 0,
        next_send_ms: nowMs,
      });
      onDue();
    },
    async issueAct(device, kind, body, { expMs }) {
      const issuedMs = clock.now().epochMilliseconds;
      if (expMs <= issuedMs || expMs - issuedMs > LIMITS.actLifetimeMs)
        throw new AppError<ControllerErrorCode>(
          `an act expires within ${LIMITS.actLifetimeMs / 60_000} minutes of being ordered, this one would after ${expMs - issuedMs} ms`,
          { code: 'order/not-valid' },
        );
      const id = newId('ord');
      const message = checked({
        kind,
        v: 1,
        suite: SUITES[0],
        device,
        id,
        issuedAtMs: issuedMs,
        expMs,
        body,
      });
      const jws = await keys.orderSigner.sign(message);
      if (jws.length > LIMITS.mqttPayload)
        throw new AppError<ControllerErrorCode>(
          `the ${kind} is ${jws.length} bytes, at most ${LIMITS.mqttPayload} can be sent`,
          {
            code: 'order/too-large',
          },
        );
      await createActStore(db).add({
        id,
        device_id: device,
        kind,
        occurrence_id: 'occurrenceId' in body ? body.occurrenceId : null,
        // Calling a mistake back is as urgent as the mistake.
        urgent: kind === 'cancel' || ('rules' in body && body.rules.class === 'emergency') ? 1 : 0,
        jws,
        issued_ms: issuedMs,
        exp_ms: expMs,
        verdict: null,
        code: null,
        answered_ms: null,
        attempts: 0,
        next_send_ms: issuedMs,
      });
      onDue();
      return id;
    },
  };
}
