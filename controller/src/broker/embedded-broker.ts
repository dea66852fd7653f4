import type { Clock, Logger, Part } from '@loa/kernel';
import type { BrokerRole } from './acl.ts';
import { aclRules } from './acl-rules.ts';
import {
  type BrokerCredentials,
  type BrokerProcess,
  notRunning,
  startBrokerProcess,
} from './broker-process.ts';
import type { BrokerServerStats } from './broker-server.ts';
import { type BrokerLimits, DEFAULT_LIMITS } from './limits.ts';

/** What the embedded broker tells of itself. Counters begin at the last restart of its process. */
export interface BrokerStats extends BrokerServerStats {
  readonly pid: number;
  readonly rssBytes: number;
  /** Times the process was restarted after it ended by itself. */
  readonly restarts: number;
}

/** The broker inside Loa, for a commune that runs none of its own. The controller connects to `url()` as to any other. */
export interface EmbeddedBroker extends Part {
  /**
   * Returns `mqtt://host:port` as the controller reaches it, with the real port when 0 was asked.
   * @throws {AppError} broker/not-running before the first start.
   */
  url(): string;
  /**
   * Drops a client's connection, for example after its certificate was revoked. Resolves to false when it was not connected.
   * @throws {AppError} broker/not-running (retryable) while the process is being restarted.
   */
  disconnect(clientId: string): Promise<boolean>;
  /** @throws {AppError} broker/not-running (retryable) while the process is being restarted. */
  stats(): Promise<BrokerStats>;
}

const FIRST_RESTART_MS = 100;
const LAST_RESTART_MS = 10_000;
const HEALTHY_AFTER_MS = 30_000; // a process that lived this long starts the back-off anew

/**
 * Creates a broker that runs in a process of its own, is restarted on the same port when that process dies, and ends
 * with `stop`, within its deadline, or with the controller itself.
 * `authenticate` judges each login within 5 s; a device must carry its device id as client id.
 * `start` throws broker/port-taken, broker/address-unavailable or broker/cannot-start.
 */
export function createEmbeddedBroker({
  host,
  port,
  authenticate,
  log,
  clock,
  limits = {},
}: {
  readonly host: string;
  /** 0 asks for any free port. */
  readonly port: number;
  readonly authenticate: (credentials: BrokerCredentials) => Promise<BrokerRole>;
  readonly log: Logger;
  readonly clock: Clock;
  readonly limits?: Partial<BrokerLimits>;
}): EmbeddedBroker {
  let realPort = port;
  let restarts = 0;
  let current: BrokerProcess | undefined;
  let life: Life | undefined;

  const launch = async (signal: AbortSignal): Promise<BrokerProcess> => {
    const config = { host, port: realPort, limits: { ...DEFAULT_LIMITS, ...limits }, rules: aclRules() };
    const launched = await startBrokerProcess(config, { authenticate, log, clock, signal });
    realPort = launched.port;
    current = launched;
    return launched;
  };

  const supervise = async (first: BrokerProcess, signal: AbortSignal): Promise<void> => {
    let running = first;
    let delayMs = FIRST_RESTART_MS;
    for (;;) {
      const sinceMs = clock.monotonicMs();
      const exit = await running.exited;
      current = undefined;
      if (signal.aborted) return;
      if (clock.monotonicMs() - sinceMs >= HEALTHY_AFTER_MS) delayMs = FIRST_RESTART_MS;
      log.warn(
        { ...exit, restartInMs: delayMs },
        'the embedded broker ended by itself and is being restarted',
      );
      for (;;) {
        await clock.sleep(delayMs, { signal });
        delayMs = Math.min(delayMs * 2, LAST_RESTART_MS);
        try {
          running = await launch(signal);
          break;
        } catch (error) {
          signal.throwIfAborted();
          log.warn({ err: error, restartInMs: delayMs }, 'the embedded broker could not be restarted yet');
        }
      }
      restarts += 1;
      log.warn({ pid: running.pid, restarts }, 'the embedded broker runs again');
    }
  };

  const begin = (): Life => {
    const stopping = new AbortController();
    const first = launch(stopping.signal);
    const started = first.then(
      () => {},
      (error: unknown) => {
        life = undefined;
        throw error;
      },
    );
    const supervised = first.then((launched) => supervise(launched, stopping.signal)).catch(() => {}); // a failed start is told by `started`, the rest is the abort
    return { stopping, started, supervised };
  };

  const running = (): BrokerProcess => {
    if (!current) throw notRunning();
    return current;
  };

  return {
    name: 'broker',
    start() {
      life ??= begin();
      return life.started;
    },
    async stop(signal) {
      if (!life) return;
      const { stopping, supervised } = life;
      life = undefined;
      stopping.abort();
      await current?.end(signal);
      await supervised;
      realPort = port;
    },
    url() {
      if (realPort === 0) throw notRunning();
      return `mqtt://${reachable(host)}:${realPort}`;
    },
    disconnect: async (clientId) => running().disconnect(clientId),
    async stats() {
      const { pid, stats } = running();
      return { ...(await stats()), pid, restarts };
    },
  };
}

/** From `start` to `stop`. */
interface Life {
  readonly stopping: AbortController;
  readonly started: Promise<void>;
  readonly supervised: Promise<void>;
}

/** A wildcard address is listened on but not connected to. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
