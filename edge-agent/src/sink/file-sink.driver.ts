import type { Clock, Logger } from '@loa/kernel';
import { type DeviceRun, keepSink } from './kept-sink.ts';
import { readClocks } from './read-clocks.ts';
import { beginRecording, type Recording } from './recording.ts';
import { indexAt, PERIOD_SAMPLES, SAMPLES_PER_MS, type SampleSource, type Sink } from './sink.ts';
import { SinkError } from './sink-error.ts';

const PERIOD_MS = PERIOD_SAMPLES / SAMPLES_PER_MS;
const OPENING_MS = 100; // sample 0 leaves this long after opening, as from a card; the file is made meanwhile

/** Where the file twin records. */
export interface FileSinkOptions {
  /** Folder for the recordings, made when missing; each opening makes a new file and never overwrites one. */
  readonly folder: string;
  /** Who records, such as the device id: begins the file's name. */
  readonly startedBy: string;
  /** How far ahead samples are asked for, in milliseconds. Default 250, as for a real card. */
  readonly leadMs?: number;
}

/**
 * Creates the twin of a sound card for machines without one: a WAV whose byte count is the clock. Sample k leaves at
 * T0 + k/48000, whatever happens; when the feeder is late, the silence that a card would have played is put in.
 */
export function createFileSink(
  { folder, startedBy, leadMs = 250 }: FileSinkOptions,
  { clock, log, source }: { readonly clock: Clock; readonly log: Logger; readonly source: SampleSource },
): Sink {
  const leadSamples = Math.round(leadMs * SAMPLES_PER_MS);

  async function feed(recording: Recording, originMonoMs: number, run: DeviceRun): Promise<never> {
    const estimate = { originMonoMs };
    const period = new Int16Array(PERIOD_SAMPLES);
    run.ready(() => estimate);
    for (let written = 0; ; ) {
      const leaving = Math.floor(indexAt(estimate, clock.monotonicMs()));
      if (written < leaving) {
        run.underrun();
        recording.appendSilence(leaving - written);
        written = leaving;
      }
      for (; written < leaving + leadSamples; written += PERIOD_SAMPLES) {
        source(period, written);
        recording.append(period);
      }
      await clock.sleep(PERIOD_MS, { signal: run.signal });
    }
  }

  return keepSink({
    name: 'file-sink',
    leadSamples,
    clock,
    log,
    async run(run) {
      const { wallMs, monoMs } = readClocks(clock);
      const originMonoMs = monoMs + OPENING_MS;
      const firstSampleAtMs = wallMs + OPENING_MS;
      const recording = begin(folder, { firstSampleAtMs, startedBy });
      try {
        return await feed(recording, originMonoMs, run);
      } finally {
        recording.close();
      }
    },
  });
}

function begin(...[folder, note]: Parameters<typeof beginRecording>): Recording {
  try {
    return beginRecording(folder, note);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SinkError('sink/absent', `the sound cannot be recorded in ${folder}: ${why}`, { cause });
  }
}
