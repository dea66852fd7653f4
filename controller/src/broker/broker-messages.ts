import type { LogFields } from '@loa/kernel';
import type { AclRule, BrokerRole } from './acl.ts';
import type { BrokerServerStats } from './broker-server.ts';
import type { BrokerLimits } from './limits.ts';
import type { Login } from './session-rules.ts';

/** What the broker process is told at its start, as JSON in its only argument. Holds no secrets. */
export interface BrokerConfig {
  readonly host: string;
  readonly port: number;
  readonly limits: BrokerLimits;
  /** Handed over, so that this process loads nothing but the broker: the contract would cost it 22 MB. */
  readonly rules: readonly AclRule[];
}

/** From the controller to its broker process. `id` pairs an answer with its question. */
export type ToBroker =
  | { readonly kind: 'role'; readonly id: number; readonly role: BrokerRole }
  | { readonly kind: 'disconnect'; readonly id: number; readonly clientId: string }
  | { readonly kind: 'stats'; readonly id: number };

/** From the broker process to its controller. */
export type FromBroker =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'failed'; readonly code: string | undefined; readonly message: string }
  | { readonly kind: 'authenticate'; readonly id: number; readonly login: Login }
  | { readonly kind: 'disconnected'; readonly id: number; readonly wasConnected: boolean }
  | {
      readonly kind: 'stats';
      readonly id: number;
      readonly stats: BrokerServerStats & { readonly rssBytes: number };
    }
  | { readonly kind: 'warning'; readonly fields: LogFields; readonly message: string };
