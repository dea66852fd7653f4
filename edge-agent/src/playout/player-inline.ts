import type { Clock, Logger } from '@loa/kernel';
import { createSink, type SinkConfig } from '../sink/create-sink.ts';
import { type OpenSound, readOggOpus } from './clip-sound.ts';
import { createPlayerEngine } from './player-engine.ts';
import type { EngineHost } from './player-link.ts';

/** Runs engines in the caller's own thread, on any clock: for tests, and for days that pass in seconds. */
export function inlineHost({
  clock,
  log,
  sink,
  openSound = readOggOpus,
}: {
  readonly clock: Clock;
  readonly log: Logger;
  readonly sink: SinkConfig;
  readonly openSound?: OpenSound;
}): EngineHost {
  return {
    monotonicMs: () => clock.monotonicMs(),
    open({ onReport, onGone }) {
      const makeSink = (parts: Parameters<typeof createSink>[1]) => createSink(sink, parts);
      const engine = createPlayerEngine({ clock, log, makeSink, openSound, report: onReport });
      void engine.start();
      const close = () => engine.stop(AbortSignal.abort()).then(() => onGone(undefined));
      return {
        send(order) {
          if (order.kind === 'close') void close();
          else engine.obey(order);
        },
        kill: close,
      };
    },
  };
}
