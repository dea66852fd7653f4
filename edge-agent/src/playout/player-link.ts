import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { SinkConfig } from '../sink/create-sink.ts';
import { kernelMonotonicMs } from './player-clock.ts';
import type { EngineOrder, EngineReport } from './player-messages.ts';

/** The way to a living engine. */
export interface EngineLink {
  /** Hands over an order; lost when the engine is gone. */
  send(order: EngineOrder): void;
  /** Ends the engine at once, without a farewell. */
  kill(): Promise<void>;
}

/** What an engine says to its player. */
export interface EngineEvents {
  onReport(report: EngineReport): void;
  /** The engine is gone; `why` tells what it died of, `undefined` after an orderly close. */
  onGone(why: string | undefined): void;
}

/** Where engines live. */
export interface EngineHost {
  /** Reads the monotonic clock of its engines. */
  monotonicMs(): number;
  /** Brings an engine to life. */
  open(events: EngineEvents): EngineLink;
}

const WORKER = new URL('./player-worker.ts', import.meta.url);
/** In MB. Samples lie outside the heap, 7 MB of code and decoder in it; without a bound V8 would let it grow first. */
const HEAP = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 1 };

/** Runs each engine in a thread of its own, on the sink that `sink` names. */
export function workerHost(
  sink: SinkConfig,
  spawn = (file: URL, options: WorkerOptions) => new Worker(file, options),
): EngineHost {
  return {
    monotonicMs: kernelMonotonicMs,
    open({ onReport, onGone }) {
      const worker = spawn(WORKER, { name: 'sound', workerData: sink, resourceLimits: HEAP });
      let fault: string | undefined;
      worker.on('message', onReport);
      worker.on('error', (error) => {
        fault = error instanceof Error ? error.message : String(error);
      });
      worker.on('exit', (code) => onGone(fault ?? (code === 0 ? undefined : `it ended with code ${code}`)));
      return {
        send: (order) => worker.postMessage(order),
        async kill() {
          await worker.terminate();
        },
      };
    },
  };
}
