import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect as openSocket } from 'node:net';
import type { MqttClient } from 'mqtt';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { closed, startBroker } from './broker-fixture.ts';

vi.setConfig({ testTimeout: 30_000 }); // each test starts a process, on a machine that may be busy

/** Stops reading what the broker sends, as a hung box does; the connection stays. */
function freeze(client: MqttClient): void {
  client.stream.unpipe();
  client.stream.pause();
}

/** The bytes of `count` empty QoS 0 messages. */
function publishes(topic: string, count: number): Buffer {
  const one = Buffer.concat([Buffer.from([0x30, topic.length + 2, 0, topic.length]), Buffer.from(topic)]);
  return Buffer.concat(Array.from({ length: count }, () => one));
}

describe('a reader that stops reading', () => {
  it('holds up nobody else, is dropped at the byte cap, and its end does not take the broker along', async () => {
    // With no drain timeout to help, only the write cap can free the others.
    const { broker, connect } = await startBroker({ limits: { drainTimeoutMs: 3_600_000 } });
    const { pid } = await broker.stats();
    const controller = await connect('controller');
    const frozen = await connect('box-frozen');
    const healthy = await connect('box-healthy');
    await frozen.subscribeAsync('loa/v1/d/box-frozen/order', { qos: 0 });
    await healthy.subscribeAsync('loa/v1/d/box-healthy/order', { qos: 1 });
    let heard = 0;
    healthy.on('message', () => {
      heard += 1;
    });
    freeze(frozen);
    const big = Buffer.alloc(16 * 1024);
    for (let i = 0; i < 40; i++) {
      for (let j = 0; j < 50; j++) controller.publish('loa/v1/d/box-frozen/order', big, { qos: 0 });
      await controller.publishAsync('loa/v1/d/box-healthy/order', `${i}`, { qos: 1 });
    }
    await vi.waitFor(() => expect(heard).toBe(40), { timeout: 20_000 });
    expect(await broker.stats()).toMatchObject({ pid, restarts: 0, droppedSlowReaders: 1, clients: 2 });
  });

  it('is dropped when its full socket does not drain in time', async () => {
    const { broker, connect } = await startBroker({
      limits: { drainTimeoutMs: 100, maxUnreadBytes: 1024 ** 3 },
    });
    const controller = await connect('controller');
    const frozen = await connect('box-frozen');
    await frozen.subscribeAsync('loa/v1/d/box-frozen/order', { qos: 0 });
    freeze(frozen);
    for (let i = 0; i < 2_000; i++)
      controller.publish('loa/v1/d/box-frozen/order', Buffer.alloc(16 * 1024), { qos: 0 });
    await vi.waitFor(async () => expect((await broker.stats()).droppedSlowReaders).toBe(1), {
      timeout: 20_000,
    });
  });

  it('vanishing while many speak does not overflow the broker’s stack', async () => {
    const { broker, connect } = await startBroker();
    const { pid } = await broker.stats();
    const boxes = await Promise.all(Array.from({ length: 10 }, (_, i) => connect(`box-${10 + i}`)));
    const controller = await connect('controller');
    await controller.subscribeAsync('loa/v1/d/+/health', { qos: 0 });
    const begun = new Promise((resolve) => controller.once('message', resolve));
    // Whole buffers of small packets, so that the broker has tens of thousands of messages in hand at once.
    for (const box of boxes) box.stream.write(publishes(`loa/v1/d/${box.options.clientId}/health`, 3_000));
    await begun;
    controller.stream.destroy();
    const answered = (box: MqttClient) =>
      box.publishAsync(`loa/v1/d/${box.options.clientId}/hello`, '', { qos: 1 });
    await Promise.all(boxes.map((box) => Promise.race([answered(box), closed(box)])));
    expect(await broker.stats()).toMatchObject({ pid, restarts: 0, clients: 10 });
  });
});

describe('a client that sends too much', () => {
  it('is dropped at the header of an oversize packet, before the broker buffers it', async () => {
    const { broker, connect } = await startBroker({ limits: { maxPacketBytes: 1_000 } });
    const device = await connect('box-1');
    const dropped = closed(device);
    device.stream.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f])); // announces 256 MB and sends none of it
    await dropped;
    expect(await broker.stats()).toMatchObject({ droppedOversize: 1, restarts: 0 });
  });

  it('is disconnected for a topic of too many levels', async () => {
    const { broker, connect } = await startBroker();
    const device = await connect('box-1');
    const dropped = closed(device);
    device.subscribe('loa/v1/d/box-1/order/1/2/3/4');
    await dropped;
    expect(await broker.stats()).toMatchObject({ clients: 0, restarts: 0 });
  });

  it('gets no more sockets than may wait for a login, and an idle one is closed', async () => {
    const { broker } = await startBroker({ limits: { maxPending: 2, connectTimeoutMs: 300 } });
    const { hostname, port } = new URL(broker.url());
    const open = () => {
      const socket = openSocket(Number(port), hostname);
      onTestFinished(() => void socket.destroy());
      return socket;
    };
    const idle = [open(), open()];
    await vi.waitFor(async () => expect((await broker.stats()).pending).toBe(2));
    await once(open().resume(), 'close');
    expect(await broker.stats()).toMatchObject({ refusedConnections: 1 });
    await Promise.all(idle.map((socket) => once(socket.resume(), 'close')));
    await vi.waitFor(async () => expect((await broker.stats()).pending).toBe(0));
  });
});

describe('a controller that dies', () => {
  it('takes its broker along, so that the port is free for the next', async () => {
    const script = `
      import { createEmbeddedBroker } from ${JSON.stringify(new URL('./embedded-broker.ts', import.meta.url).href)};
      import { silentLogger, systemClock } from ${JSON.stringify(import.meta.resolve('@loa/kernel'))};
      const broker = createEmbeddedBroker({ host: '127.0.0.1', port: 0, log: silentLogger, clock: systemClock,
        authenticate: async () => ({ role: 'refused' }) });
      await broker.start();
      process.stdout.write(String((await broker.stats()).pid));`;
    const controller = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void controller.kill('SIGKILL'));
    const [pidText] = await once(controller.stdout, 'data');
    const brokerPid = Number(pidText);
    expect(process.kill(brokerPid, 0)).toBe(true);
    controller.kill('SIGKILL');
    await vi.waitFor(() => expect(() => process.kill(brokerPid, 0)).toThrow('ESRCH'), { timeout: 10_000 });
  });
});
