import { systemClock } from '@loa/kernel';
import { memoryLogger } from '@loa/kernel/testing';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { onTestFinished } from 'vitest';
import type { BrokerRole } from './acl.ts';
import type { BrokerCredentials } from './broker-process.ts';
import { createEmbeddedBroker } from './embedded-broker.ts';
import type { BrokerLimits } from './limits.ts';

const PASSWORD = 'right';

/** Judges as the controller does: one password for all, `controller` is the controller, the rest are devices. */
export async function authenticateByPassword(credentials: BrokerCredentials): Promise<BrokerRole> {
  if (credentials.password?.reveal() !== PASSWORD) return { role: 'refused' };
  if (credentials.username === 'controller') return { role: 'controller' };
  return { role: 'device', deviceId: credentials.username ?? '' };
}

/** Starts a real broker on a free port and ends it, and every client made from it, with the test. */
export async function startBroker({
  limits = {},
  authenticate = authenticateByPassword,
}: {
  readonly limits?: Partial<BrokerLimits>;
  readonly authenticate?: (credentials: BrokerCredentials) => Promise<BrokerRole>;
} = {}) {
  const log = memoryLogger();
  const broker = createEmbeddedBroker({
    host: '127.0.0.1',
    port: 0,
    authenticate,
    log,
    clock: systemClock,
    limits,
  });
  const clients: MqttClient[] = [];
  onTestFinished(async () => {
    for (const client of clients) client.end(true);
    await broker.stop(new AbortController().signal);
  });
  await broker.start();
  const connect = async (name: string, options: IClientOptions = {}): Promise<MqttClient> => {
    const client = await mqtt.connectAsync(
      broker.url(),
      {
        clientId: name,
        username: name,
        password: PASSWORD,
        keepalive: 30,
        reconnectPeriod: 0,
        ...options,
      },
      false,
    );
    client.on('error', () => {}); // tests look at what happened, not at the event
    clients.push(client);
    return client;
  };
  return { broker, log, connect };
}

/** Resolves with the next message a client gets. */
export function nextMessage(
  client: MqttClient,
): Promise<{ topic: string; payload: string; retain: boolean }> {
  return new Promise((resolve) => {
    client.once('message', (topic, payload, packet) =>
      resolve({ topic, payload: payload.toString(), retain: packet.retain }),
    );
  });
}

/** Resolves when the broker has closed a client's connection. */
export function closed(client: MqttClient): Promise<void> {
  return new Promise((resolve) => {
    client.once('close', () => resolve());
  });
}
