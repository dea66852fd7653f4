/**
 * The broker process. Runs aedes apart from the controller, so that a fault in either leaves the other alive.
 * Configured by one JSON argument; asks its parent over IPC who may come in; ends with its parent.
 */
import { errorCode, systemClock } from '@loa/kernel';
import type { BrokerRole } from './acl.ts';
import type { BrokerConfig, FromBroker, ToBroker } from './broker-messages.ts';
import { startBrokerServer } from './broker-server.ts';
import type { Login } from './session-rules.ts';

const tell = (message: FromBroker) => process.send?.(message, undefined, {}, () => {}); // parent gone: see below
process.on('disconnect', () => process.exit(0)); // an orphan would hold the port against the next controller
process.on('SIGINT', () => {}); // Ctrl-C reaches the whole group; the parent decides when we end

const questions = new Map<number, (role: BrokerRole) => void>();
let asked = 0;
const judge = (login: Login) =>
  new Promise<BrokerRole>((resolve) => {
    const id = ++asked;
    questions.set(id, resolve);
    tell({ kind: 'authenticate', id, login });
  });

const config = JSON.parse(process.argv[2] ?? '{}') as BrokerConfig; // written by `broker-process.ts`
try {
  const server = await startBrokerServer({
    ...config,
    clock: systemClock,
    judge,
    warn: (fields, message) => tell({ kind: 'warning', fields, message }),
  });
  process.on('message', (message: ToBroker) => {
    switch (message.kind) {
      case 'role':
        questions.get(message.id)?.(message.role);
        questions.delete(message.id);
        break;
      case 'disconnect':
        tell({ kind: 'disconnected', id: message.id, wasConnected: server.disconnect(message.clientId) });
        break;
      case 'stats':
        tell({
          kind: 'stats',
          id: message.id,
          stats: { ...server.stats(), rssBytes: process.memoryUsage.rss() },
        });
        break;
    }
  });
  process.on('SIGTERM', () => void server.close().finally(() => process.exit(0)));
  tell({ kind: 'listening', port: server.port });
} catch (error) {
  tell({
    kind: 'failed',
    code: errorCode(error),
    message: error instanceof Error ? error.message : String(error),
  });
  process.disconnect?.(); // flushes, then ends us
}
