import { MAX_LEASE_MS } from './amplifier-state.schema.ts';
import { AmplifierError } from './errors.ts';

/** Returns `leaseMs` when a device may be given it. @throws {AmplifierError} amplifier/bad-request outside 1 to 5000. */
export function checkedLeaseMs(leaseMs: number): number {
  if (leaseMs >= 1 && leaseMs <= MAX_LEASE_MS) return leaseMs;
  throw new AmplifierError(
    'amplifier/bad-request',
    `a power lease lasts 1 to ${MAX_LEASE_MS} ms, not ${leaseMs}`,
    { details: { field: 'leaseMs', wanted: `1 to ${MAX_LEASE_MS}`, came: leaseMs } },
  );
}

/** Returns the nearest gain the device can take. @throws {AmplifierError} amplifier/bad-request when it is no number. */
export function clampedGainDb(gainDb: number, range: { readonly min: number; readonly max: number }): number {
  if (!Number.isNaN(gainDb)) return Math.min(range.max, Math.max(range.min, gainDb));
  throw new AmplifierError('amplifier/bad-request', 'the gain must be a number of decibels', {
    details: { field: 'gainDb', wanted: `${range.min} to ${range.max}`, came: gainDb },
  });
}

/** Returns `renewEveryMs` when three beats fit into a lease. @throws {AmplifierError} amplifier/bad-request otherwise. */
export function checkedRenewEveryMs(renewEveryMs: number, leaseMs: number): number {
  if (renewEveryMs > 0 && 3 * renewEveryMs <= leaseMs) return renewEveryMs;
  throw new AmplifierError(
    'amplifier/bad-request',
    `power is renewed at least three times in a lease of ${leaseMs} ms, so not every ${renewEveryMs} ms`,
    { details: { field: 'renewEveryMs', wanted: `up to ${leaseMs / 3}`, came: renewEveryMs } },
  );
}
