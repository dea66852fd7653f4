import type { CHANNELS, Channel } from '@loa/contract';
import type { Part } from '@loa/kernel';

/** The channels on which a box speaks. */
export type FromBoxChannel = {
  [Name in Channel]: (typeof CHANNELS)[Name]['direction'] extends 'from-box' ? Name : never;
}[Channel];

/**
 * Hands a message to the broker with the QoS of its channel. Resolves when the broker has it, which proves nothing (P5).
 * @throws {AppError} link/offline, link/busy, link/no-answer.
 */
export type Publish = (
  channel: FromBoxChannel,
  payload: string | Uint8Array,
  options?: { readonly signal?: AbortSignal },
) => Promise<void>;

/** The box's one connection to the broker, made again whenever it breaks. */
export interface Link extends Part {
  isOnline(): boolean;
  publish: Publish;
  /** Breaks the connection so that a new one is made: for one that is up and yet deaf. */
  rebuild(why: string): void;
  /** Called with true when subscriptions stand, with false when the connection is gone. */
  onChange(listener: (isOnline: boolean) => void): () => void;
}
