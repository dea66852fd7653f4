import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AppError, type Clock, type Logger, Secret } from '@loa/kernel';
import type { BrokerRole } from './acl.ts';
import type { BrokerConfig, FromBroker, ToBroker } from './broker-messages.ts';
import type { BrokerServerStats } from './broker-server.ts';
import type { BrokerErrorCode } from './errors.ts';
import type { Login } from './session-rules.ts';

/** What a client showed at the door. */
export interface BrokerCredentials {
  readonly clientId: string;
  readonly username: string | undefined;
  readonly password: Secret | undefined;
}

/** How a broker process ended. */
interface BrokerExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The end of what it wrote on stderr: the stack of what killed it. */
  readonly lastWords: string;
}

/** One broker process, from its listening to its end. */
export interface BrokerProcess {
  readonly pid: number;
  readonly port: number;
  readonly exited: Promise<BrokerExit>;
  disconnect(clientId: string): Promise<boolean>;
  stats(): Promise<BrokerServerStats & { readonly rssBytes: number }>;
  /** Ends it: SIGTERM, then SIGKILL after 2 s or when `signal` aborts. */
  end(signal: AbortSignal): Promise<void>;
}

const CHILD = fileURLToPath(new URL('./broker-child.ts', import.meta.url));
const TERM_GRACE_MS = 2_000;
const START_TIMEOUT_MS = 30_000; // two busy cores need 1 to 3 s
const LAST_WORDS_CHARS = 4_000;

/**
 * Starts a broker process and waits until it listens.
 * @throws {AppError} broker/port-taken, broker/address-unavailable, broker/cannot-start; the signal's reason on abort.
 */
export async function startBrokerProcess(
  config: BrokerConfig,
  {
    authenticate,
    log,
    clock,
    signal,
  }: {
    readonly authenticate: (credentials: BrokerCredentials) => Promise<BrokerRole>;
    readonly log: Logger;
    readonly clock: Clock;
    readonly signal: AbortSignal;
  },
): Promise<BrokerProcess> {
  signal.throwIfAborted();
  const child = fork(CHILD, [JSON.stringify(config)], {
    execPath: process.execPath,
    execArgv: [],
    env: {}, // nothing of the controller's configuration or secrets, and no NODE_OPTIONS
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let lastWords = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-LAST_WORDS_CHARS);
  });
  const waiting = new Map<number, { resolve(answer: FromBroker): void; reject(error: Error): void }>();
  const exited = new Promise<BrokerExit>((resolve) => {
    child.once('close', (exitCode, signalName) => {
      for (const { reject } of waiting.values()) reject(notRunning());
      waiting.clear();
      resolve({ exitCode, signal: signalName, lastWords });
    });
  });

  const send = (message: ToBroker) => child.send(message, () => {}); // a lost channel shows as `exited`
  let asked = 0;
  const ask = (question: { kind: 'stats' } | { kind: 'disconnect'; clientId: string }) =>
    new Promise<FromBroker>((resolve, reject) => {
      if (!child.connected) return reject(notRunning());
      const id = ++asked;
      waiting.set(id, { resolve, reject });
      send({ ...question, id });
    });

  const answerLogin = async (id: number, { clientId, username, password }: Login) => {
    const role = await authenticate({
      clientId,
      username,
      password: password === undefined ? undefined : new Secret(password),
    }).catch((error: unknown): BrokerRole => {
      log.error({ err: error, clientId }, 'a broker login could not be judged and was refused');
      return { role: 'refused' };
    });
    send({ kind: 'role', id, role });
  };

  const kill = () => child.kill('SIGKILL');
  const port = await new Promise<number>((resolve, reject) => {
    const cannotStart = (why: string, cause?: unknown) =>
      reject(fault('broker/cannot-start', `the embedded broker did not start: ${why}`, { cause }));
    const started = new AbortController();
    signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: started.signal });
    void clock.sleep(START_TIMEOUT_MS, { signal: started.signal }).then(
      () => cannotStart(`it did not listen within ${START_TIMEOUT_MS / 1000} s`),
      () => {}, // it started or failed
    );
    child.once('error', (error) => cannotStart(error.message, error));
    void exited.then((exit) => cannotStart(exit.lastWords.trim() || `exit code ${exit.exitCode}`));
    child.on('message', (message: FromBroker) => {
      switch (message.kind) {
        case 'listening':
          started.abort();
          return resolve(message.port);
        case 'failed':
          started.abort();
          return reject(listenFault(config, message));
        case 'authenticate':
          return void answerLogin(message.id, message.login);
        case 'warning':
          return log.warn(message.fields, message.message);
        case 'disconnected':
        case 'stats':
          waiting.get(message.id)?.resolve(message);
          waiting.delete(message.id);
      }
    });
  }).catch(async (error: unknown) => {
    kill();
    await Promise.race([exited, clock.sleep(TERM_GRACE_MS)]); // nothing to wait for when it was never spawned
    throw error;
  });

  return {
    pid: child.pid ?? 0,
    port,
    exited,
    async disconnect(clientId) {
      const answer = await ask({ kind: 'disconnect', clientId });
      return answer.kind === 'disconnected' && answer.wasConnected;
    },
    async stats() {
      const answer = await ask({ kind: 'stats' });
      if (answer.kind !== 'stats') throw notRunning();
      return answer.stats;
    },
    async end(stopSignal) {
      const over = new AbortController();
      child.kill('SIGTERM');
      void clock
        .sleep(TERM_GRACE_MS, { signal: AbortSignal.any([over.signal, stopSignal]) })
        .catch(() => {}) // told to hurry, or it is over
        .then(() => over.signal.aborted || kill());
      await exited;
      over.abort();
    },
  };
}

function fault(code: BrokerErrorCode, message: string, { cause }: { cause?: unknown } = {}): AppError {
  return new AppError<BrokerErrorCode>(message, { code, cause, retryable: code === 'broker/not-running' });
}

/** The broker process is not there to ask. */
export function notRunning(): AppError {
  return fault(
    'broker/not-running',
    'the embedded broker is not running; it is restarted by itself, try again shortly',
  );
}

function listenFault(
  { host, port }: BrokerConfig,
  { code, message }: { readonly code: string | undefined; readonly message: string },
): AppError {
  const address = `${host}:${port}`;
  switch (code) {
    case 'EADDRINUSE':
      return fault(
        'broker/port-taken',
        `the MQTT port ${address} is taken by another program; stop that program or configure another port`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return fault(
        'broker/address-unavailable',
        `this machine has no address ${host} to listen on for MQTT; configure one it has, for example 127.0.0.1`,
      );
    case 'EACCES':
      return fault(
        'broker/address-unavailable',
        `listening on ${address} for MQTT is not permitted; choose a port of 1024 or above`,
      );
    default:
      return fault('broker/cannot-start', `the embedded broker could not listen on ${address}: ${message}`);
  }
}
