import { createServer, type Socket } from 'node:net';

/** One connection as the broker sees it. */
export interface BrokerClient {
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
  readonly subscriptions: Map<string, number>;
  readonly will: { readonly topic: string; readonly payload: string } | undefined;
}

export interface BrokerMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: number;
  readonly retain: boolean;
}

/** A broker on loopback that speaks just enough MQTT 3.1.1 for one box, and breaks on request. */
export interface BrokerFake {
  start(): Promise<string>;
  stop(): Promise<void>;
  /** Every connection that was accepted, oldest first. */
  readonly connections: readonly BrokerClient[];
  /** Called with every message a client publishes; wills included. */
  onMessage(listener: (message: BrokerMessage) => void): void;
  /** Sends to everybody who subscribed to `topic`. */
  send(topic: string, payload: string | Uint8Array): void;
  /** Cuts every connection without a farewell. */
  cut(): void;
  /** While deaf it reads and answers nothing: a half-open connection. */
  setDeaf(isDeaf: boolean): void;
  /** Forgets what clients subscribed to, as a broker does that lost its state. */
  forgetSubscriptions(): void;
}

/** Creates the fake; `accept` judges a login. */
export function createBrokerFake({
  accept = () => true,
}: {
  readonly accept?: (username: string, password: string) => boolean;
} = {}): BrokerFake {
  const sockets = new Map<Socket, BrokerClient | undefined>();
  const connections: BrokerClient[] = [];
  const listeners: ((message: BrokerMessage) => void)[] = [];
  let isDeaf = false;
  let nextId = 1;
  const tell = (message: BrokerMessage) => {
    for (const listener of listeners) listener(message);
  };

  const handle = (socket: Socket, kind: number, flags: number, body: Buffer) => {
    const client = sockets.get(socket);
    switch (kind) {
      case 1: {
        const login = readConnect(body);
        const isWelcome = accept(login.username, login.password);
        socket.write(Buffer.of(0x20, 2, 0, isWelcome ? 0 : 5));
        if (!isWelcome) return socket.end();
        sockets.set(socket, login);
        connections.push(login);
        return;
      }
      case 3: {
        const qos = (flags >> 1) & 3;
        const [topic, at] = readText(body, 0);
        if (qos > 0) socket.write(Buffer.concat([Buffer.of(0x40, 2), body.subarray(at, at + 2)]));
        return tell({ topic, payload: body.subarray(qos > 0 ? at + 2 : at), qos, retain: (flags & 1) === 1 });
      }
      case 8: {
        const grants: number[] = [];
        for (let at = 2; at < body.length; ) {
          const [topic, next] = readText(body, at);
          const qos = body[next] ?? 0;
          client?.subscriptions.set(topic, qos);
          grants.push(qos);
          at = next + 1;
        }
        return socket.write(Buffer.concat([frame(0x90, body.subarray(0, 2), Buffer.from(grants))]));
      }
      case 12:
        return socket.write(Buffer.of(0xd0, 0));
      case 14:
        sockets.set(socket, undefined);
        return socket.end();
      default:
        return;
    }
  };

  const server = createServer((socket) => {
    sockets.set(socket, undefined);
    let pending: Buffer = Buffer.alloc(0);
    socket.on('error', () => {}); // the box may break the connection at any time
    socket.on('data', (bytes: Buffer) => {
      if (isDeaf) return;
      pending = Buffer.concat([pending, bytes]);
      for (let packet = nextPacket(pending); packet; packet = nextPacket(pending)) {
        pending = pending.subarray(packet.size);
        handle(socket, packet.kind, packet.flags, packet.body);
      }
    });
    socket.on('close', () => {
      const will = sockets.get(socket)?.will;
      sockets.delete(socket);
      if (will) tell({ topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true });
    });
  });

  return {
    connections,
    onMessage: (listener) => void listeners.push(listener),
    start: () =>
      new Promise((resolve) => {
        server.listen(0, '127.0.0.1', () => {
          const address = server.address();
          resolve(`mqtt://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
        });
      }),
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets.keys()) socket.destroy();
        server.close(() => resolve());
      }),
    send(topic, payload) {
      if (isDeaf) return;
      for (const [socket, client] of sockets) {
        const qos = client?.subscriptions.get(topic);
        if (qos === undefined) continue;
        const id = qos > 0 ? uint16(nextId++ & 0xffff || nextId++) : Buffer.alloc(0);
        socket.write(frame(0x30 | (qos << 1), text(topic), id, Buffer.from(payload)));
      }
    },
    cut() {
      for (const socket of sockets.keys()) socket.destroy();
    },
    setDeaf(deaf) {
      isDeaf = deaf;
    },
    forgetSubscriptions() {
      for (const client of sockets.values()) client?.subscriptions.clear();
    },
  };
}

const uint16 = (value: number) => Buffer.of(value >> 8, value & 0xff);
const text = (value: string) => Buffer.concat([uint16(Buffer.byteLength(value)), Buffer.from(value)]);

function readText(body: Buffer, at: number): [string, number] {
  const end = at + 2 + body.readUInt16BE(at);
  return [body.toString('utf8', at + 2, end), end];
}

/** MQTT 3.1.1 §2.2.3: the length in groups of seven bits. */
function frame(head: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length: number[] = [];
  for (let left = body.length, more = true; more; ) {
    more = left > 127;
    length.push((left & 127) | (more ? 128 : 0));
    left >>= 7;
  }
  return Buffer.concat([Buffer.of(head, ...length), body]);
}

function nextPacket(bytes: Buffer): { kind: number; flags: number; body: Buffer; size: number } | undefined {
  let length = 0;
  for (let at = 1; at < Math.min(5, bytes.length); at++) {
    const byte = bytes[at] ?? 0;
    length |= (byte & 127) << (7 * (at - 1));
    if (byte & 128) continue;
    const size = at + 1 + length;
    if (bytes.length < size) return undefined;
    const head = bytes[0] ?? 0;
    return { kind: head >> 4, flags: head & 15, body: bytes.subarray(at + 1, size), size };
  }
  return undefined;
}

/** MQTT 3.1.1 §3.1. */
function readConnect(body: Buffer): BrokerClient {
  let [, at] = readText(body, 0);
  const flags = body[at + 1] ?? 0;
  at += 4; // level, flags, keepalive
  const take = () => {
    const [value, next] = readText(body, at);
    at = next;
    return value;
  };
  const clientId = take();
  const will = flags & 0x04 ? { topic: take(), payload: take() } : undefined;
  const username = flags & 0x80 ? take() : '';
  const password = flags & 0x40 ? take() : '';
  return { clientId, username, password, will, subscriptions: new Map() };
}
