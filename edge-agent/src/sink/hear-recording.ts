import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWav } from '@loa/media/sound';
import type { RecordingNote } from './recording.ts';

/** A recording as a listener finds it. */
export interface HeardRecording {
  readonly samples: Int16Array;
  readonly note: RecordingNote;
  /** The size of the samples in bytes, as the header claims. */
  readonly claimedBytes: number;
}

/** Reads every recording of a folder, oldest first, for tests; also while they grow. */
export function hearRecordings(folder: string): readonly HeardRecording[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.wav'));
  const heard = names.map((name) => {
    const file = readFileSync(join(folder, name));
    return {
      samples: readWav(file).samples,
      note: JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as RecordingNote,
      claimedBytes: file.readUInt32LE(40),
    };
  });
  return heard.sort((a, b) => a.note.firstSampleAtMs - b.note.firstSampleAtMs);
}
