import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '@loa/kernel';
import { wavHeader } from '@loa/media/sound';
import { SAMPLE_RATE_HZ } from './sink.ts';

/** The most samples a WAV can claim, 12 hours. Readers stop at the end of the file, so a killed process leaves a good one. */
const MOST_BYTES = 0xffff_ff00;
const HEADER_BYTES = wavHeader(SAMPLE_RATE_HZ, 0).length;

/** What stands in `<file>.json` beside a recording. */
export interface RecordingNote {
  readonly sampleRateHz: number;
  /** Wall clock of this machine, UTC milliseconds with fractions, when sample 0 left. */
  readonly firstSampleAtMs: number;
  readonly startedBy: string;
}

/** A WAV file that grows; mono 16-bit at 48 kHz. Silence is left as a hole: a day of it takes no disk. */
export interface Recording {
  readonly path: string;
  /** Adds samples at the end. @throws the file system's error, such as ENOSPC. */
  append(samples: Int16Array): void;
  /** Adds `count` samples of silence. */
  appendSilence(count: number): void;
  /** Writes the true length into the header. */
  close(): void;
}

/**
 * Begins a recording and its note in `folder`, which is made when missing. Never overwrites.
 * Synchronous like all of it: a card blocks its feeder too, and only the sound's own thread waits.
 */
export function beginRecording(folder: string, note: Omit<RecordingNote, 'sampleRateHz'>): Recording {
  mkdirSync(folder, { recursive: true });
  const stamp = Temporal.Instant.fromEpochMilliseconds(Math.floor(note.firstSampleAtMs))
    .toString({ smallestUnit: 'millisecond' })
    .replaceAll(/[-:]/g, '');
  const { path, file } = openNew(join(folder, `${note.startedBy}-${stamp}`));
  writeFileSync(`${path}.json`, `${JSON.stringify({ sampleRateHz: SAMPLE_RATE_HZ, ...note })}\n`);
  writeSync(file, wavHeader(SAMPLE_RATE_HZ, MOST_BYTES), 0, HEADER_BYTES, 0);
  let bytes = 0;
  const grow = (byteLength: number) => {
    bytes += byteLength;
    ftruncateSync(file, HEADER_BYTES + bytes);
  };
  return {
    path,
    append(samples) {
      if (samples.every((sample) => sample === 0)) return grow(samples.byteLength);
      writeSync(file, samples, 0, samples.byteLength, HEADER_BYTES + bytes);
      bytes += samples.byteLength;
    },
    appendSilence: (count) => grow(count * 2),
    close() {
      writeSync(file, wavHeader(SAMPLE_RATE_HZ, Math.min(bytes, MOST_BYTES)), 0, HEADER_BYTES, 0);
      closeSync(file);
    },
  };
}

function openNew(stem: string): { path: string; file: number } {
  for (let count = 1; ; count++) {
    const path = count === 1 ? `${stem}.wav` : `${stem}-${count}.wav`;
    try {
      return { path, file: openSync(path, 'wx') };
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
}
