import { CHANNELS, type Channel, channelsOf, everyDevice, topicOf } from '@loa/contract';
import { AppError, type Clock, type DeviceId, type Logger, type Part, type Secret } from '@loa/kernel';
import mqtt, { type MqttClient } from 'mqtt';
import type { ControllerErrorCode } from '../errors.ts';
import { backOffMs, type Random } from './back-off.ts';

/** The controller's one connection to the broker, embedded or not. A doorbell: what counts is stored before it is published (P5). */
export interface BoxLink extends Part {
  /** True while the broker has granted every subscription. */
  isOnline(): boolean;
  /** Calls `listener` after each connection that is ready for use. */
  onOnline(listener: () => void): void;
  /**
   * Resolves when the broker took the message, which proves nothing.
   * Never await it while a message is being received: its answer waits behind that message.
   * @throws {AppError} link/offline, link/no-answer (retryable).
   */
  publish(device: DeviceId, channel: Channel, payload: string | Uint8Array): Promise<void>;
  /** The same without waiting; what is lost is asked for again. */
  send(device: DeviceId, channel: Channel, payload: string | Uint8Array): void;
}

/** How the controller shows itself to the broker. */
export interface BrokerLogin {
  readonly url: string;
  readonly clientId: string;
  readonly username: string | undefined;
  readonly password: Secret | undefined;
}

const KEEPALIVE_S = 30;
const CONNECT_TIMEOUT_MS = 15_000;
const PUBLISH_TIMEOUT_MS = 15_000;
const BACK_OFF = { firstMs: 500, maxMs: 30_000 };

/**
 * Creates the link. Each connection is a new client: whatever state a broken one had is gone with it, subscriptions are made
 * anew, and nothing that was in flight is sent twice by the library.
 * @param login is asked before each connection: the embedded broker's port is known only when it runs.
 * @param receive gets every message; the next one waits for it, so that a flood stays in the broker and not in memory.
 */
export function createBoxLink({
  login,
  receive,
  clock,
  log,
  random,
}: {
  readonly login: () => BrokerLogin;
  readonly receive: (topic: string, payload: Uint8Array) => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: Random;
}): BoxLink {
  const listeners: (() => void)[] = [];
  let life: AbortController | undefined;
  let loop: Promise<void> | undefined;
  let online: MqttClient | undefined;
  let receiving: Promise<void> | undefined;

  const subscribe = async (client: MqttClient): Promise<void> => {
    const topics = channelsOf('from-box').map(
      (channel) => [everyDevice(channel), { qos: CHANNELS[channel].qos }] as const,
    );
    const grants = await client.subscribeAsync(Object.fromEntries(topics));
    const denied = grants.filter(({ qos }) => qos === 128).map(({ topic }) => topic);
    if (denied.length > 0) throw new Error(`the broker denies ${denied.join(', ')}`);
  };

  /** One connection from CONNECT to its end. Resolves to whether it was ever of use. */
  const connection = async (signal: AbortSignal): Promise<boolean> => {
    const { url, clientId, username, password } = login();
    const client = mqtt.connect(url, {
      clientId,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password: password.reveal() }),
      clean: true,
      keepalive: KEEPALIVE_S,
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectPeriod: 0, // its own is fixed and has no jitter
      resubscribe: false,
      queueQoSZero: false,
      messageIdProvider: new mqtt.UniqueMessageIdProvider(), // the default one drops beyond 65,535 in silence
    });
    const closed = Promise.withResolvers<void>();
    let wasOnline = false;
    client.handleMessage = ({ topic, payload }, done) => {
      const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
      receiving = receive(topic, bytes)
        .catch((error: unknown) => log.error({ err: error, topic }, 'a message could not be handled'))
        .then(() => done());
    };
    client.on('error', (error) => log.warn({ err: error.message }, 'the connection to the broker failed'));
    client.on('close', () => closed.resolve());
    client.once('connect', () => {
      void subscribe(client)
        .then(() => {
          if (signal.aborted) return;
          wasOnline = true;
          online = client;
          log.info({}, 'connected to the broker');
          for (const listener of listeners) listener();
        })
        .catch((error: unknown) => {
          if (!signal.aborted) log.warn({ err: error }, 'the broker did not grant the subscriptions');
          closed.resolve();
        });
    });
    const onAbort = () => closed.resolve();
    signal.addEventListener('abort', onAbort, { once: true });
    await closed.promise;
    signal.removeEventListener('abort', onAbort);
    if (online === client) online = undefined;
    client.end(true);
    if (wasOnline && !signal.aborted) log.warn({}, 'the connection to the broker is lost');
    return wasOnline;
  };

  const run = async (signal: AbortSignal) => {
    for (let tries = 0; !signal.aborted; tries++) {
      if (await connection(signal)) tries = 0;
      if (!signal.aborted) await clock.sleep(backOffMs(tries, { ...BACK_OFF, random }), { signal });
    }
  };

  const publish: BoxLink['publish'] = async (device, channel, payload) => {
    const client = online;
    if (!client) throw fault('link/offline', 'there is no connection to the broker');
    const { qos, retain } = CHANNELS[channel];
    const limit = new AbortController();
    const bytes = typeof payload === 'string' ? payload : Buffer.from(payload);
    try {
      await Promise.race([
        client.publishAsync(topicOf(device, channel), bytes, { qos, retain }),
        clock.sleep(PUBLISH_TIMEOUT_MS, { signal: limit.signal }).then(() => {
          throw fault('link/no-answer', `the broker took no message within ${PUBLISH_TIMEOUT_MS} ms`);
        }),
      ]);
    } finally {
      limit.abort();
    }
  };

  return {
    name: 'box link',
    isOnline: () => online !== undefined,
    onOnline: (listener) => void listeners.push(listener),
    publish,
    send(device, channel, payload) {
      void publish(device, channel, payload).catch((error: unknown) =>
        log.debug({ err: error, device, channel }, 'a message was not sent and will be asked for again'),
      );
    },
    start() {
      if (life) return;
      life = new AbortController();
      const { signal } = life;
      loop = run(signal).catch((error: unknown) => {
        if (!signal.aborted) log.error({ err: error }, 'the connection to the broker ended unexpectedly');
      });
    },
    async stop() {
      life?.abort();
      life = undefined;
      await loop;
      await receiving; // what it writes must be written before the database closes
    },
  };
}

const fault = (code: ControllerErrorCode, message: string) =>
  new AppError(message, { code, retryable: true });
