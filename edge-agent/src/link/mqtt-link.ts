import { CHANNELS, type Channel, channelsOf, parseTopic, type Status, topicOf } from '@loa/contract';
import { AppError, type Clock, type DeviceId, type Logger, type Secret } from '@loa/kernel';
import mqtt, { type MqttClient } from 'mqtt';
import type { AgentErrorCode } from '../errors.ts';
import { createListeners } from '../listeners.ts';
import { fullJitterMs, type Random } from './back-off.ts';
import type { Link } from './link.ts';

/** Messages handed to the broker and not yet taken; more would be memory, not delivery. */
const MAX_IN_FLIGHT = 16;
const CONNECT_TIMEOUT_MS = 15_000;
const PUBLISH_TIMEOUT_MS = 15_000;
/** Silence of this many keepalives means a half-open connection that mqtt.js has not noticed. */
const DEAF_KEEPALIVES = 2.5;

/**
 * Creates the MQTT connection of a box. Each connection is a new client: whatever state a broken one had is gone with it.
 * `receive` is awaited message by message, so that a flood waits in the broker and not in memory.
 */
export function createMqttLink({
  url,
  device,
  linkKey,
  instanceId,
  nextBirth,
  keepaliveS,
  receive,
  clock,
  log,
  random,
}: {
  readonly url: string;
  readonly device: DeviceId;
  readonly linkKey: Secret;
  readonly instanceId: string;
  /** Counts and returns the births of this database. */
  readonly nextBirth: () => number;
  readonly keepaliveS: () => number;
  readonly receive: (channel: Channel, payload: Uint8Array) => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: Random;
}): Link {
  const changes = createListeners<boolean>();
  let life: AbortController | undefined;
  let loop: Promise<void> | undefined;
  let online: MqttClient | undefined;
  let inFlight = 0;
  let rebuild = (_why: string) => {};

  const statusOf = (state: Status['state'], birth: number) =>
    JSON.stringify({ v: 1, state, birth, instanceId } satisfies Status);

  const deliver = async (topic: string, payload: unknown) => {
    const address = parseTopic(topic);
    if (address?.device !== device || !(payload instanceof Uint8Array)) return;
    try {
      await receive(address.channel, payload);
    } catch (error) {
      log.error({ err: error, channel: address.channel }, 'a message could not be handled');
    }
  };

  /** One connection from CONNECT to its end. Resolves to whether it was ever of use. */
  const connection = async (signal: AbortSignal): Promise<boolean> => {
    const birth = nextBirth();
    const seconds = keepaliveS();
    const client = mqtt.connect(url, {
      clientId: device,
      username: device,
      password: linkKey.reveal(),
      clean: true,
      keepalive: seconds,
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectPeriod: 0, // its own has no jitter
      resubscribe: false,
      queueQoSZero: false,
      messageIdProvider: new mqtt.UniqueMessageIdProvider(), // the default one loses messages beyond 65,535
      will: {
        topic: topicOf(device, 'status'),
        payload: Buffer.from(statusOf('offline', birth)),
        qos: 1,
        retain: true,
      },
    });
    client.handleMessage = (packet, done) => {
      void deliver(packet.topic, packet.payload).then(() => done());
    };
    const closed = Promise.withResolvers<void>();
    let isDeaf = false;
    let heardMs = clock.monotonicMs();
    let wasOnline = false;
    client.on('packetreceive', () => {
      heardMs = clock.monotonicMs();
    });
    client.on('error', (error) => log.warn({ err: error.message }, 'the connection to the broker failed'));
    client.on('close', () => closed.resolve());
    rebuild = (why) => {
      log.warn({ why }, 'the connection to the broker is made anew');
      closed.resolve();
    };
    const over = new AbortController();
    const watch = async () => {
      const limitMs = seconds * 1000 * DEAF_KEEPALIVES;
      while (!over.signal.aborted) {
        await clock.sleep(Math.min(30_000, limitMs / 2), { signal: over.signal });
        isDeaf = clock.monotonicMs() - heardMs > limitMs;
        if (isDeaf) rebuild('nothing was heard');
      }
    };
    client.once('connect', () => {
      void (async () => {
        const topics = channelsOf('to-box').map(
          (channel) => [topicOf(device, channel), { qos: CHANNELS[channel].qos }] as const,
        );
        const grants = await client.subscribeAsync(Object.fromEntries(topics));
        const denied = grants.filter(({ qos }) => qos === 128);
        if (denied.length > 0)
          return rebuild(`the broker denies ${denied.map(({ topic }) => topic).join(', ')}`);
        await client.publishAsync(topicOf(device, 'status'), statusOf('online', birth), {
          qos: 1,
          retain: true,
        });
        if (over.signal.aborted) return;
        wasOnline = true;
        online = client;
        log.info({ birth }, 'connected to the broker');
        changes.emit(true);
      })().catch((error: unknown) => rebuild(error instanceof Error ? error.message : String(error)));
    });
    const onAbort = () => closed.resolve();
    signal.addEventListener('abort', onAbort, { once: true });
    void watch().catch(() => {}); // over
    await closed.promise;
    over.abort();
    signal.removeEventListener('abort', onAbort);
    online = undefined;
    if (wasOnline) changes.emit(false);
    if (signal.aborted && client.connected) await farewell(client, birth);
    client.end(true);
    return wasOnline;
  };

  /** An orderly end says so itself: the broker sends no will after DISCONNECT. */
  const farewell = async (client: MqttClient, birth: number) => {
    const limit = new AbortController();
    await Promise.race([
      client
        .publishAsync(topicOf(device, 'status'), statusOf('offline', birth), { qos: 1, retain: true })
        .then(() => client.endAsync())
        .catch(() => {}), // the will says it then
      clock.sleep(1_000, { signal: limit.signal }).catch(() => {}),
    ]);
    limit.abort();
  };

  const run = async (signal: AbortSignal) => {
    for (let failures = 0; !signal.aborted; ) {
      failures = (await connection(signal)) ? 1 : failures + 1;
      if (signal.aborted) return;
      await clock.sleep(fullJitterMs(failures, { random }), { signal });
    }
  };

  const fault = (code: AgentErrorCode, message: string) =>
    new AppError<AgentErrorCode>(message, { code, retryable: true });

  return {
    name: 'link',
    isOnline: () => online !== undefined,
    onChange: changes.on,
    rebuild: (why) => rebuild(why),
    start() {
      if (life) return;
      life = new AbortController();
      loop = run(life.signal).catch((error: unknown) => {
        if (life) log.error({ err: error }, 'the connection to the broker ended unexpectedly');
      });
    },
    async stop() {
      life?.abort();
      life = undefined;
      await loop;
    },
    async publish(channel, payload, { signal } = {}) {
      const client = online;
      if (!client) throw fault('link/offline', 'there is no connection to the broker');
      if (inFlight >= MAX_IN_FLIGHT)
        throw fault('link/busy', `${MAX_IN_FLIGHT} messages wait for the broker`);
      const { qos, retain } = CHANNELS[channel];
      const limit = new AbortController();
      inFlight++;
      try {
        await Promise.race([
          client.publishAsync(
            topicOf(device, channel),
            typeof payload === 'string' ? payload : Buffer.from(payload),
            { qos, retain },
          ),
          clock
            .sleep(PUBLISH_TIMEOUT_MS, {
              signal: signal ? AbortSignal.any([signal, limit.signal]) : limit.signal,
            })
            .then(() => {
              throw fault(
                'link/no-answer',
                `the broker did not take a message within ${PUBLISH_TIMEOUT_MS} ms`,
              );
            }),
        ]);
      } finally {
        limit.abort();
        inFlight--;
      }
    },
  };
}
