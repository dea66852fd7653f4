import type { Part } from '@loa/kernel';
import type { AmplifierState } from './amplifier-state.schema.ts';

/** Ends the wait, not always the work: a command already on the wire may still be obeyed. */
export interface Wait {
  readonly signal?: AbortSignal | undefined;
}

/**
 * One amplifier, whatever wires lead to it: the port each driver satisfies, here or behind the bridge's socket.
 *
 * Power is only ever lent. `powerOn` starts the *device's own* timer, which cuts the power unless `powerOn` comes again
 * in time, so that losing agent, bridge or cable means silence (P8). No driver renews by itself.
 *
 * Calls take effect in the order in which they were made; one bus carries one at a time. Each rejects with an
 * `AmplifierError`, or with the signal's reason. A driver gives up on a silent device by itself, after at most 2 s.
 */
export interface Amplifier extends Part {
  /**
   * `device-timer`: the device falls off by itself. `none`: it stays on when all is lost, the driver's process only does
   * its best; such a device is shown red and never trusted. Final once `start` has resolved.
   */
  readonly failSafe: 'device-timer' | 'none';
  /** Both ends inclusive; equal ends where the gain is fixed. Final once `start` has resolved. */
  readonly gainRangeDb: { readonly min: number; readonly max: number };

  /**
   * Opens the way to the device and leaves it off. A device that is silent at this moment does not fail the start: the
   * next call says so.
   */
  start(options?: Wait): Promise<void>;
  /** Turns the device off, then closes the way to it. Calls under way and later ones reject with amplifier/not-started. */
  stop(signal: AbortSignal): Promise<void>;

  /**
   * Turns the power on for `leaseMs` (1 to 5000) from now, or prolongs it, and resolves when the device reads back as on.
   * A driver rounds the lease down to what its device can count, never up.
   * After a rejection the power is unknown until `powerOff` or `read` says otherwise.
   * @throws {AmplifierError} no-reply, not-confirmed, refused, overheat; bad-request for a lease out of range.
   */
  powerOn(options: { readonly leaseMs: number } & Wait): Promise<void>;
  /** Turns the power off at once and resolves when the device reads back as off. */
  powerOff(options?: Wait): Promise<void>;
  /**
   * Sets the gain, clamped to `gainRangeDb`, and resolves to the gain the device reads back.
   * What is missing from the wanted gain is the caller's to add or take in its mixer.
   */
  setGainDb(gainDb: number, options?: Wait): Promise<number>;
  /** Reads the device now. */
  read(options?: Wait): Promise<AmplifierState>;
  /**
   * Calls `listener` whenever the driver notices a change (power, faults, line, supply, door); polling drivers notice at
   * their own pace, at the latest with the next `read`. Returns the function that ends it.
   */
  onChange(listener: (state: AmplifierState) => void): () => void;
}
