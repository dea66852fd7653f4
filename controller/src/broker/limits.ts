/** Bounds that the broker holds against the outside. Each names the attack it stops. */
export interface BrokerLimits {
  /** Connections in all, logged in or not: file descriptors and memory run out. */
  readonly maxClients: number;
  /** Connections that have not logged in yet: sockets opened and left idle starve those who have a password. */
  readonly maxPending: number;
  /** New connections a second, after `connectBurst` at once: logins cost a round trip to the controller each. */
  readonly connectsPerSecond: number;
  readonly connectBurst: number;
  /** Time to send the whole CONNECT: one byte a minute keeps a socket for ever. */
  readonly connectTimeoutMs: number;
  /** Time the controller has to judge a login. No answer is a refusal. */
  readonly authTimeoutMs: number;
  /** Bytes of one packet, read off its header: the parser would buffer up to 256 MB before looking at it. */
  readonly maxPacketBytes: number;
  /** The same for the first packet, sent by somebody unknown. */
  readonly maxConnectBytes: number;
  /** Levels of a topic: deep ones cost the matcher dear. Ours have six. */
  readonly maxTopicLevels: number;
  /** Keepalive asked for, in seconds; 0 (none) is refused: a dead link would look alive for ever. */
  readonly maxKeepaliveS: number;
  /** Bytes waiting in this process for a reader who does not read. */
  readonly maxUnreadBytes: number;
  /** The same for the controller, which is trusted and may pause while hundreds of journals arrive. */
  readonly maxUnreadByControllerBytes: number;
  /** Time a device may let its full socket buffer stand. */
  readonly drainTimeoutMs: number;
}

export const DEFAULT_LIMITS: BrokerLimits = {
  maxClients: 1_000,
  maxPending: 200,
  connectsPerSecond: 100,
  connectBurst: 400,
  connectTimeoutMs: 10_000,
  authTimeoutMs: 5_000,
  maxPacketBytes: 256 * 1024,
  maxConnectBytes: 16 * 1024,
  maxTopicLevels: 8,
  maxKeepaliveS: 120,
  maxUnreadBytes: 4 * 1024 * 1024,
  maxUnreadByControllerBytes: 64 * 1024 * 1024,
  drainTimeoutMs: 5_000,
};
