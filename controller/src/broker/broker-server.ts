import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { Clock, LogFields } from '@loa/kernel';
import { Aedes, type Client } from 'aedes';
import type { AclRule, BrokerRole } from './acl.ts';
import { createConnectionGate } from './connection-gate.ts';
import { createFrameGate } from './frame-gate.ts';
import type { BrokerLimits } from './limits.ts';
import { createRetainedPersistence } from './retained-persistence.ts';
import { createSessionRules, type Login } from './session-rules.ts';
import { createTally, type TallyCounts } from './tally.ts';
import { guardWrites } from './write-guard.ts';

/** What the broker process knows of itself. Counters begin at its start. */
export interface BrokerServerStats extends TallyCounts {
  readonly clients: number;
  /** Connections that have not logged in yet. */
  readonly pending: number;
  readonly retained: number;
}

/** A broker that listens. */
export interface BrokerServer {
  readonly port: number;
  /** Drops a client. Resolves to false when no such client is connected. */
  disconnect(clientId: string): boolean;
  stats(): BrokerServerStats;
  close(): Promise<void>;
}

/**
 * Starts an MQTT 3.1.1 broker with every guard in place.
 * @throws {NodeJS.ErrnoException} EADDRINUSE and its kin when the address cannot be had.
 */
export async function startBrokerServer({
  host,
  port,
  limits,
  rules: aclRules,
  clock,
  judge,
  warn,
}: {
  readonly host: string;
  readonly port: number;
  readonly limits: BrokerLimits;
  readonly rules: readonly AclRule[];
  readonly clock: Clock;
  readonly judge: (login: Login) => Promise<BrokerRole>;
  readonly warn: (fields: LogFields, message: string) => void;
}): Promise<BrokerServer> {
  const tally = createTally({ clock, warn });
  const gate = createConnectionGate({ clock, limits });
  const rules = createSessionRules({ limits, aclRules, clock, tally, judge });
  const persistence = createRetainedPersistence();
  const broker = await Aedes.createBroker({
    ...rules.hooks,
    persistence,
    connectTimeout: limits.connectTimeoutMs,
    drainTimeout: limits.drainTimeoutMs, // second line behind `guardWrites`
    maxTopicLevels: limits.maxTopicLevels,
  });
  // A message without a listener is released synchronously, and its release starts the next: a backlog left behind by
  // a client that vanished then recurses until the stack overflows and the process dies. One listener that always
  // answers in a later turn makes every release asynchronous.
  broker.subscribe(
    '#',
    (_packet, done) => setImmediate(done),
    () => {},
  );

  const clients = new Map<string, Client>();
  const visits = new WeakMap<object, { admit(): void }>();
  broker.on('client', (client) => {
    clients.set(client.id, client);
  });
  broker.on('clientReady', (client) => {
    visits.get(client.conn)?.admit();
  });
  broker.on('clientDisconnect', (client) => {
    if (clients.get(client.id) === client) clients.delete(client.id); // a takeover has put its heir there
  });

  const accept = (socket: Socket) => {
    socket.on('error', () => {}); // aedes removes its own listeners before the last error may come
    const visit = gate.enter();
    if (typeof visit === 'string') {
      tally.count('refusedConnections', { reason: visit, from: socket.remoteAddress });
      return socket.destroy();
    }
    visits.set(socket, visit);
    socket.once('close', () => visit.leave());
    const who = () => ({ clientId: client.id, from: socket.remoteAddress });
    guardReads(socket, limits, () => tally.count('droppedOversize', who()));
    guardWrites(socket, {
      clock,
      patience: () =>
        rules.roleOf(socket)?.role === 'controller'
          ? { maxUnreadBytes: limits.maxUnreadByControllerBytes, drainTimeoutMs: undefined }
          : { maxUnreadBytes: limits.maxUnreadBytes, drainTimeoutMs: limits.drainTimeoutMs },
      dropped: (facts) => tally.count('droppedSlowReaders', { ...who(), ...facts }),
    });
    const client = broker.handle(socket);
  };

  const server = createServer({ noDelay: true, keepAlive: true }, accept);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen({ host, port }, resolve);
    });
  } catch (error) {
    broker.close();
    throw error;
  }
  return {
    port: (server.address() as AddressInfo).port,
    disconnect(clientId) {
      const client = clients.get(clientId);
      client?.close();
      return client !== undefined;
    },
    stats: () => ({
      ...tally.counts(),
      clients: clients.size,
      pending: gate.pending(),
      retained: persistence.size(),
    }),
    close: () =>
      new Promise((resolve) => {
        server.close();
        broker.close(resolve);
      }),
  };
}

/** Drops a connection whose packet announces more than allowed, before the parser sees it. */
function guardReads(socket: Socket, limits: BrokerLimits, dropped: () => void): void {
  const isWithinLimits = createFrameGate(limits);
  const read = socket.read.bind(socket);
  socket.read = (size?: number) => {
    const chunk = read(size);
    if (chunk === null || isWithinLimits(chunk)) return chunk;
    dropped();
    socket.destroy();
    return null;
  };
}
