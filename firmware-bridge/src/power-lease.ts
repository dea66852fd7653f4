import type { Part } from '@loa/kernel';
import type { Wait } from './amplifier.ts';
import type { AmplifierErrorCode } from './errors.ts';

/** One holder's share of the power. */
export interface PowerLease {
  readonly holder: string;
  /**
   * Aborts when the power can no longer be trusted to be on, or the keeper stops. Its reason is an `AmplifierError`
   * amplifier/lease-lost whose `details.reason` is the code behind it. Give it to what plays.
   */
  readonly lost: AbortSignal;
  /**
   * Lets go. Resolves at once while others hold; else when the amplifier reads back as off, or when `leaseMs` has passed
   * without that, which is logged while the keeper goes on trying. Never rejects; may be called twice.
   */
  release(): Promise<void>;
}

/** What the keeper knows; `unknown` between a failed command and the next success. */
export interface PowerState {
  readonly power: 'on' | 'off' | 'unknown';
  readonly holders: readonly string[];
  /** Milliseconds for which the power is still certain; 0 unless it is on. */
  readonly leaseLeftMs: number;
  /** Code of the last command's failure; absent after a success. */
  readonly fault?: AmplifierErrorCode;
}

/** The only hand on the power switch: on while somebody holds a lease, renewed, off when the last lets go (P8). */
export interface PowerKeeper extends Part {
  start(): void;
  /** Takes every lease back and turns the amplifier off; one try, for the device's own timer does the rest. */
  stop(signal: AbortSignal): Promise<void>;
  /**
   * Resolves when the amplifier reads back as on and has warmed up. `holder` names the item for logs.
   * @throws {AmplifierError} the device's fault, at once when trying again is useless, else after `leaseMs` of trying.
   */
  acquire(holder: string, options?: Wait): Promise<PowerLease>;
  state(): PowerState;
}
