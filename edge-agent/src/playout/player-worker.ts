import { parentPort, workerData } from 'node:worker_threads';
import type { LogFields, Logger } from '@loa/kernel';
import { createSink, type SinkConfig } from '../sink/create-sink.ts';
import { readOggOpus } from './clip-sound.ts';
import { threadsClock } from './player-clock.ts';
import { createPlayerEngine } from './player-engine.ts';
import type { EngineOrder, EngineReport } from './player-messages.ts';

/*
 * The sound's own thread: it owns the sink, decodes and mixes, so that neither the database nor the network can make a
 * sound stumble.
 */

const STOP_MS = 3_000;

function report(message: EngineReport): void {
  parentPort?.postMessage(message);
}

function logger(inherited: LogFields = {}): Logger {
  const write = (level: 'error' | 'warn' | 'info' | 'debug') => (fields: LogFields, message: string) =>
    report({ kind: 'log', level, fields: { ...inherited, ...fields }, message });
  return {
    error: write('error'),
    warn: write('warn'),
    info: write('info'),
    debug: write('debug'),
    child: (fields) => logger({ ...inherited, ...fields }),
  };
}

const config: SinkConfig = workerData;
const engine = createPlayerEngine({
  clock: threadsClock,
  log: logger(),
  makeSink: (parts) => createSink(config, parts),
  openSound: readOggOpus,
  report,
});

parentPort?.on('message', async (order: EngineOrder) => {
  if (order.kind !== 'close') return engine.obey(order);
  await engine.stop(AbortSignal.timeout(STOP_MS));
  parentPort?.close(); // nothing else holds the thread
});
await engine.start();
