import { type Channel, channelsOf, deviceId, status, topicOf } from '@loa/contract';
import { aHello } from '@loa/contract/testing';
import { Secret, systemClock } from '@loa/kernel';
import { memoryLogger } from '@loa/kernel/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { fullJitterMs } from './back-off.ts';
import { type BrokerMessage, createBrokerFake } from './broker.fake.ts';
import { createGreeter } from './greeter.ts';
import { createMqttLink } from './mqtt-link.ts';

const DEVICE = deviceId.parse('box-0001');
const stops: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
const soon = { timeout: 10_000 };

async function aLink({ keepaliveS = 45, receive = async (_: Channel, __: Uint8Array) => {} } = {}) {
  const broker = createBrokerFake({ accept: (user, password) => user === DEVICE && password === 'right' });
  const url = await broker.start();
  stops.push(broker.stop);
  const messages: BrokerMessage[] = [];
  broker.onMessage((message) => messages.push(message));
  const received: string[] = [];
  let births = 0;
  const log = memoryLogger();
  const link = createMqttLink({
    url,
    device: DEVICE,
    linkKey: new Secret('right'),
    instanceId: 'inst-1',
    nextBirth: () => ++births,
    keepaliveS: () => keepaliveS,
    receive: async (channel, payload) => {
      received.push(`${channel} ${Buffer.from(payload).toString()}`);
      await receive(channel, payload);
    },
    clock: systemClock,
    log,
    random: () => 0.01,
  });
  stops.push(() => link.stop(new AbortController().signal));
  await link.start();
  await expect.poll(link.isOnline, soon).toBe(true);
  const statuses = () =>
    messages
      .filter(({ topic }) => topic === topicOf(DEVICE, 'status'))
      .map(({ payload, retain, qos }) => {
        const { state, birth } = status.parse(JSON.parse(payload.toString()));
        return `${state} ${birth} retain=${retain} qos=${qos}`;
      });
  return { broker, link, messages, received, statuses, log };
}

describe('the connection of a box', () => {
  it('subscribes to its own channels only, with their QoS, and says online, retained', async () => {
    const { broker, statuses } = await aLink();
    const [connection] = broker.connections;
    expect(connection).toMatchObject({ clientId: DEVICE, username: DEVICE, password: 'right' });
    expect(Object.fromEntries(connection?.subscriptions ?? [])).toEqual(
      Object.fromEntries(
        channelsOf('to-box').map((channel) => [topicOf(DEVICE, channel), channel === 'time/res' ? 0 : 1]),
      ),
    );
    expect(statuses()).toEqual(['online 1 retain=true qos=1']);
  });

  it('comes back after a cut with a new birth and all its subscriptions; the will carries the old one', async () => {
    const { broker, link, statuses, received } = await aLink();
    broker.cut();
    await expect.poll(() => broker.connections.length, soon).toBe(2);
    await expect.poll(link.isOnline, soon).toBe(true);
    expect(statuses()).toEqual([
      'online 1 retain=true qos=1',
      'offline 1 retain=true qos=1',
      'online 2 retain=true qos=1',
    ]);
    broker.send(topicOf(DEVICE, 'order'), 'hello');
    await expect.poll(() => received, soon).toEqual(['order hello']);
  });

  it('says goodbye itself when it is stopped', async () => {
    const { link, statuses } = await aLink();
    await link.stop(new AbortController().signal);
    await expect.poll(statuses, soon).toEqual(['online 1 retain=true qos=1', 'offline 1 retain=true qos=1']);
  });

  it('that hears nothing any more is made anew', async () => {
    const { broker, log } = await aLink({ keepaliveS: 1 });
    broker.setDeaf(true);
    await expect.poll(() => log.lines.some(({ level }) => level === 'warn'), soon).toBe(true);
    broker.setDeaf(false);
    await expect.poll(() => broker.connections.length, { timeout: 20_000 }).toBeGreaterThan(1);
  }, 30_000);

  it('publishes with the QoS of the channel; without a connection it says so instead of queueing', async () => {
    const { link, messages } = await aLink();
    await link.publish('hello', '{}');
    await link.publish('health', new Uint8Array(8));
    await expect
      .poll(
        () => messages.filter(({ topic }) => !topic.endsWith('status')).map(({ topic, qos }) => [topic, qos]),
        soon,
      )
      .toEqual([
        [topicOf(DEVICE, 'hello'), 1],
        [topicOf(DEVICE, 'health'), 0],
      ]);
    await link.stop(new AbortController().signal);
    await expect(link.publish('hello', '{}')).rejects.toMatchObject({ code: 'link/offline' });
  });

  it('handles message after message, and survives a handler that throws', async () => {
    const { broker, received, log } = await aLink({
      receive: async () => {
        throw new Error('broken');
      },
    });
    for (let i = 0; i < 50; i++) broker.send(topicOf(DEVICE, 'order'), String(i));
    await expect.poll(() => received.length, soon).toBe(50);
    expect(received).toEqual(Array.from({ length: 50 }, (_, i) => `order ${i}`));
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(50);
  });

  it('refused by the broker goes on trying, ever more slowly', () => {
    const waits = [1, 2, 3, 10, 100].map((failures) => fullJitterMs(failures, { random: () => 0.999 }));
    expect(waits.map((ms) => Math.round(ms / 1000))).toEqual([2, 4, 8, 60, 60]);
    expect(fullJitterMs(5, { random: () => 0 })).toBe(0);
  });
});

describe('the greeting', () => {
  it('is repeated with fresh nonces until its welcome comes, and begins anew with each connection', async () => {
    const { link, broker, messages, log } = await aLink();
    const nonces = () =>
      messages
        .filter(({ topic }) => topic === topicOf(DEVICE, 'hello'))
        .map(({ payload }) => String(JSON.parse(payload.toString()).nonce));
    const greeter = createGreeter({
      link,
      makeHello: (nonce) => aHello({ nonce }),
      clock: { ...systemClock, sleep: (ms, options) => systemClock.sleep(ms / 100, options) },
      log,
      random: Math.random,
    });
    await greeter.start();
    stops.push(() => greeter.stop(new AbortController().signal));
    broker.cut();
    await expect.poll(() => nonces().length, soon).toBeGreaterThan(2);
    expect(new Set(nonces()).size).toBe(nonces().length);
    expect(greeter.welcome('A'.repeat(22))).toBeUndefined();
    expect(greeter.welcome(nonces().at(-1) ?? '')).toMatchObject({ isFirst: true });
    expect(greeter.welcome(nonces().at(-1) ?? '')).toMatchObject({ isFirst: false });
    const count = nonces().length;
    broker.cut();
    await expect.poll(greeter.isWelcomed, soon).toBe(false);
    await expect.poll(() => nonces().length, soon).toBeGreaterThan(count);
  });
});
