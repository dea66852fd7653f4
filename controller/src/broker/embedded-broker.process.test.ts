import { createServer } from 'node:net';
import { systemClock } from '@loa/kernel';
import { memoryLogger } from '@loa/kernel/testing';
import mqtt from 'mqtt';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { authenticateByPassword, closed, nextMessage, startBroker } from './broker-fixture.ts';
import { createEmbeddedBroker } from './embedded-broker.ts';

vi.setConfig({ testTimeout: 30_000 }); // each test starts a process, on a machine that may be busy

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('the life of the broker process', () => {
  it('stop leaves no process behind, and start and stop may be called twice', async () => {
    const { broker } = await startBroker();
    await broker.start();
    const { pid } = await broker.stats();
    expect(isAlive(pid)).toBe(true);
    await broker.stop(new AbortController().signal);
    await broker.stop(new AbortController().signal);
    expect(isAlive(pid)).toBe(false);
    await expect(broker.stats()).rejects.toMatchObject({ code: 'broker/not-running', retryable: true });
  });

  it('stop in the middle of a start, or of a restart, leaves no process behind either', async () => {
    const { broker } = await startBroker();
    const { pid } = await broker.stats();
    process.kill(pid, 'SIGKILL');
    await broker.stop(new AbortController().signal);
    const starting = broker.start();
    const startedAgain = broker.start();
    await broker.stop(new AbortController().signal);
    await expect(starting).rejects.toBeInstanceOf(DOMException);
    await expect(startedAgain).rejects.toBeInstanceOf(DOMException);
    await expect(broker.stats()).rejects.toMatchObject({ code: 'broker/not-running' });
    await broker.start();
    expect(await broker.stats()).toMatchObject({ restarts: 0 });
  });

  it('a process that ignores the polite request is killed when the deadline passes', async () => {
    const { broker } = await startBroker();
    const { pid } = await broker.stats();
    process.kill(pid, 'SIGSTOP');
    await broker.stop(AbortSignal.abort());
    expect(isAlive(pid)).toBe(false);
  });

  it('a killed process is started again on the same port, and the log says so', async () => {
    const { broker, log, connect } = await startBroker();
    const before = { url: broker.url(), ...(await broker.stats()) };
    process.kill(before.pid, 'SIGKILL');
    await vi.waitFor(async () => expect((await broker.stats()).restarts).toBe(1), { timeout: 20_000 });
    expect(broker.url()).toBe(before.url);
    expect((await broker.stats()).pid).not.toBe(before.pid);
    expect(log.lines).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        message: 'the embedded broker ended by itself and is being restarted',
        fields: expect.objectContaining({ signal: 'SIGKILL', restartInMs: 100 }),
      }),
    );
    expect((await connect('box-1')).connected).toBe(true);
  });

  it('a port that is taken gets a sentence naming it', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const address = other.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const broker = createEmbeddedBroker({
      host: '127.0.0.1',
      port,
      authenticate: authenticateByPassword,
      log: memoryLogger(),
      clock: systemClock,
    });
    await expect(broker.start()).rejects.toMatchObject({
      code: 'broker/port-taken',
      message: expect.stringContaining(`127.0.0.1:${port}`),
    });
    await broker.stop(new AbortController().signal);
  });

  it('an address this machine does not have gets a sentence naming it', async () => {
    const broker = createEmbeddedBroker({
      host: '192.0.2.1', // TEST-NET-1, RFC 5737
      port: 0,
      authenticate: authenticateByPassword,
      log: memoryLogger(),
      clock: systemClock,
    });
    await expect(broker.start()).rejects.toMatchObject({
      code: 'broker/address-unavailable',
      message: expect.stringContaining('192.0.2.1'),
    });
  });
});

describe('who may come in', () => {
  it('the right password opens and the wrong one does not', async () => {
    const { broker, connect } = await startBroker();
    expect((await connect('box-1')).connected).toBe(true);
    await expect(connect('box-1', { password: 'wrong' })).rejects.toMatchObject({ code: 5 });
    await expect(connect('', { username: '', password: '' })).rejects.toMatchObject({ code: 2 });
    expect(await broker.stats()).toMatchObject({ clients: 1, refusedLogins: 2 });
  });

  it('a device whose client id is not its device id is refused', async () => {
    const { connect } = await startBroker();
    await expect(connect('box-1', { clientId: 'box-2' })).rejects.toMatchObject({ code: 5 });
  });

  it('a login that cannot be judged in time is refused', async () => {
    const { connect } = await startBroker({
      limits: { authTimeoutMs: 50 },
      authenticate: () => new Promise(() => {}),
    });
    await expect(connect('box-1')).rejects.toMatchObject({ code: 5 });
  });

  it('a login whose judging fails is refused and logged as an error', async () => {
    const { connect, log } = await startBroker({
      authenticate: () => Promise.reject(new Error('the database is closed')),
    });
    await expect(connect('box-1')).rejects.toMatchObject({ code: 5 });
    expect(log.lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        message: 'a broker login could not be judged and was refused',
      }),
    );
  });

  it('MQTT 5 is refused', async () => {
    const { connect } = await startBroker();
    await expect(connect('box-1', { protocolVersion: 5 })).rejects.toMatchObject({ code: 1 });
  });

  it('no keepalive, or one that is too long, is refused', async () => {
    const { connect } = await startBroker();
    await expect(connect('box-1', { keepalive: 0 })).rejects.toMatchObject({ code: 5 });
    await expect(connect('box-1', { keepalive: 121 })).rejects.toMatchObject({ code: 5 });
    expect((await connect('box-1', { keepalive: 120 })).connected).toBe(true);
  });

  it('a second connection with the same id takes over and the first is dropped', async () => {
    const { broker, connect } = await startBroker();
    const first = await connect('box-1');
    const firstClosed = closed(first);
    const second = await connect('box-1');
    await firstClosed;
    expect(second.connected).toBe(true);
    expect(await broker.stats()).toMatchObject({ clients: 1 });
    expect(await broker.disconnect('box-1')).toBe(true);
  });

  it('no session outlives its connection', async () => {
    const { connect } = await startBroker();
    const controller = await connect('controller');
    const first = await connect('box-1', { clean: false });
    await first.subscribeAsync('loa/v1/d/box-1/order', { qos: 1 });
    await first.endAsync();
    await controller.publishAsync('loa/v1/d/box-1/order', 'while away', { qos: 1 });
    const again = mqtt.connect(
      first.options.host ? `mqtt://${first.options.host}:${first.options.port}` : '',
      {
        clientId: 'box-1',
        username: 'box-1',
        password: 'right',
        clean: false,
        reconnectPeriod: 0,
      },
    );
    onTestFinished(() => void again.end(true));
    const connack = await new Promise<{ sessionPresent: boolean }>((resolve) =>
      again.once('connect', resolve),
    );
    expect(connack.sessionPresent).toBe(false);
  });

  it('disconnect drops a client and says whether it was there', async () => {
    const { broker, connect } = await startBroker();
    const gone = closed(await connect('box-1'));
    expect(await broker.disconnect('box-1')).toBe(true);
    await gone;
    expect(await broker.disconnect('box-1')).toBe(false);
  });
});

describe('who may say and hear what', () => {
  it('an order reaches its device alone and a hello reaches the controller', async () => {
    const { connect } = await startBroker();
    const controller = await connect('controller');
    const one = await connect('box-1');
    const two = await connect('box-2');
    await one.subscribeAsync('loa/v1/d/box-1/order', { qos: 1 });
    await two.subscribeAsync('loa/v1/d/box-2/order', { qos: 1 });
    await controller.subscribeAsync('loa/v1/d/+/hello', { qos: 1 });
    const ordered = nextMessage(one);
    const heardByTwo: string[] = [];
    two.on('message', (topic) => heardByTwo.push(topic));
    await controller.publishAsync('loa/v1/d/box-1/order', 'for one', { qos: 1 });
    expect(await ordered).toEqual({ topic: 'loa/v1/d/box-1/order', payload: 'for one', retain: false });
    const greeted = nextMessage(controller);
    await two.publishAsync('loa/v1/d/box-2/hello', 'hi', { qos: 1 });
    expect(await greeted).toEqual({ topic: 'loa/v1/d/box-2/hello', payload: 'hi', retain: false });
    expect(heardByTwo).toEqual([]);
  });

  it('a device that subscribes to anything else gets 0x80 and stays connected', async () => {
    const { broker, connect } = await startBroker();
    const device = await connect('box-1');
    const denied = [
      ['#', 1],
      ['loa/v1/d/+/order', 1],
      ['loa/v1/d/box-2/order', 1],
      ['$SYS/#', 1],
      ['$share/g/loa/v1/d/box-1/order', 1],
      ['loa/v1/d/box-1/order', 2],
    ] as const;
    for (const [topic, qos] of denied) {
      const granted = new Promise((resolve) => {
        device.on('packetreceive', (packet) => packet.cmd === 'suback' && resolve(packet.granted));
      });
      device.subscribe(topic, { qos });
      expect([topic, await granted]).toEqual([topic, [0x80]]);
    }
    expect(device.connected).toBe(true);
    expect(await broker.stats()).toMatchObject({ deniedSubscribes: denied.length });
  });

  it('a device that publishes anything else is disconnected and nobody hears it', async () => {
    const { broker, connect } = await startBroker();
    const controller = await connect('controller');
    await controller.subscribeAsync(['loa/v1/d/+/hello', 'loa/v1/d/+/status'], { qos: 1 });
    const neighbour = await connect('box-2');
    await neighbour.subscribeAsync('loa/v1/d/box-2/order', { qos: 1 });
    const heard: string[] = [];
    for (const client of [controller, neighbour])
      client.on('message', (_topic, payload) => heard.push(payload.toString()));
    const denied = [
      ['loa/v1/d/box-2/hello', { qos: 0 }],
      ['loa/v1/d/box-2/order', { qos: 1 }],
      ['loa/v1/d/box-1/order', { qos: 1 }],
      ['loa/v1/d/box-1/hello', { qos: 0, retain: true }],
      ['loa/v1/d/box-1/hello', { qos: 2 }],
      ['$SYS/x/new/clients', { qos: 0 }],
    ] as const;
    for (const [topic, options] of denied) {
      const device = await connect('box-1');
      const dropped = closed(device);
      device.publish(topic, `forbidden on ${topic}`, options);
      await dropped;
    }
    const last = nextMessage(controller);
    await neighbour.publishAsync('loa/v1/d/box-2/hello', 'allowed', { qos: 1 });
    await last;
    expect(heard).toEqual(['allowed']);
    expect(await broker.stats()).toMatchObject({ deniedPublishes: denied.length, retained: 0 });
  });

  it('a will on a foreign topic is refused at the door', async () => {
    const { connect } = await startBroker();
    const will = (topic: string) => ({ topic, payload: Buffer.from('gone'), qos: 1, retain: true }) as const;
    await expect(connect('box-1', { will: will('loa/v1/d/box-2/status') })).rejects.toMatchObject({
      code: 5,
    });
    await expect(connect('box-1', { will: will('loa/v1/d/box-1/hello') })).rejects.toMatchObject({ code: 5 });
  });

  it('a will on its own status is published when the device vanishes, and retained', async () => {
    const { broker, connect } = await startBroker();
    const controller = await connect('controller');
    await controller.subscribeAsync('loa/v1/d/+/status', { qos: 1 });
    const status = 'loa/v1/d/box-1/status';
    const device = await connect('box-1', {
      will: { topic: status, payload: Buffer.from('offline'), qos: 1, retain: true },
    });
    const online = nextMessage(controller);
    await device.publishAsync(status, 'online', { qos: 1, retain: true });
    expect(await online).toMatchObject({ payload: 'online' });
    const offline = nextMessage(controller);
    device.stream.destroy();
    expect(await offline).toMatchObject({ topic: status, payload: 'offline' });
    await controller.endAsync();
    const later = await connect('controller');
    const retained = nextMessage(later);
    await later.subscribeAsync('loa/v1/d/+/status', { qos: 1 });
    expect(await retained).toEqual({ topic: status, payload: 'offline', retain: true });
    expect(await broker.stats()).toMatchObject({ retained: 1 });
  });
});
