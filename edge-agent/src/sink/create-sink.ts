import type { Clock, Logger } from '@loa/kernel';
import { type AlsaSinkOptions, createAlsaSink } from './alsa-sink.driver.ts';
import { createFileSink, type FileSinkOptions } from './file-sink.driver.ts';
import type { SampleSource, Sink } from './sink.ts';

/** Where sound leaves, as plain data: it crosses to the sound's own thread. */
export type SinkConfig =
  | ({ readonly kind: 'file' } & FileSinkOptions)
  | ({ readonly kind: 'alsa' } & AlsaSinkOptions);

/** What a sink works with; `monotonicMs` of an ALSA sink's clock should be the kernel's CLOCK_MONOTONIC. */
export interface SinkParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly source: SampleSource;
}

/** Creates the sink that a configuration names. */
export function createSink(config: SinkConfig, parts: SinkParts): Sink {
  switch (config.kind) {
    case 'file':
      return createFileSink(config, parts);
    case 'alsa':
      return createAlsaSink(config, parts);
  }
}
