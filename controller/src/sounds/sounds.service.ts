import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, type Clock, type Sha256 } from '@loa/kernel';
import {
  MediaError,
  type MediaErrorCode,
  type PreparedSound,
  prepareSound,
  type Transcoder,
  writeWav,
} from '@loa/media';
import type { Db } from '../db/database.ts';
import type { ControllerErrorCode } from '../errors.ts';
import { outlineOf } from './outline.ts';
import { createSoundStore, type SoundRow } from './sound.store.ts';

/** A sound of the library, as the console shows it. */
export interface SoundFacts {
  readonly sha256: Sha256;
  readonly byteLength: number;
  readonly durationMs: number;
  readonly loudnessLufs: number | null;
  readonly truePeakDbtp: number | null;
  readonly madeBy: string;
}

/** Samples that a voice or a chime made, at their own rate. */
export interface RawSound {
  readonly samples: Float32Array | Int16Array;
  readonly sampleRateHz: number;
}

/** A file as it arrives, piece by piece; it is never held in memory. */
export type Upload = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** The library: every sound by the hash of its bytes, brought to the one loudness before it may be used. */
export interface Sounds {
  /** Where the bytes of a sound are, whether or not they exist. */
  pathOf(sha256: string): string;
  /** Prepares rendered samples and keeps them. `madeBy` says which engine and voice spoke. */
  addRendered(raw: RawSound, madeBy: string, signal?: AbortSignal): Promise<SoundFacts>;
  /**
   * Prepares an uploaded recording of any format that ffmpeg reads and keeps it.
   * @throws {AppError} sound/broken-upload, with what to do about it.
   */
  addUpload(bytes: Upload, madeBy: string, signal?: AbortSignal): Promise<SoundFacts>;
  /** @throws {AppError} sound/unknown */
  get(sha256: string): Promise<SoundFacts>;
  /** The waveform as 0..1 peaks. @throws {AppError} sound/unknown */
  peaks(sha256: string): Promise<readonly number[]>;
}

const PEAK_BUCKETS = 400;

/** What another recording would put right; everything else is a fault of this machine. */
const FAULTS_OF_A_RECORDING: readonly MediaErrorCode[] = [
  'media/broken-input',
  'media/transcode-failed',
  'media/loudness-cannot-reach',
  'media/too-long',
  'media/not-opus',
];

/** Returns a row as the console shows it. */
export const toSoundFacts = (row: SoundRow): SoundFacts => ({
  sha256: row.sha256 as Sha256,
  byteLength: row.byte_length,
  durationMs: row.duration_ms,
  loudnessLufs: row.loudness_lufs,
  truePeakDbtp: row.true_peak_dbtp,
  madeBy: row.made_by,
});

/** Creates the library in `<dataDir>/sounds`. */
export function createSounds({
  db,
  clock,
  dataDir,
  transcoder,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly dataDir: string;
  readonly transcoder: Transcoder;
}): Sounds {
  const folder = join(dataDir, 'sounds');
  const store = createSoundStore(db);
  const pathOf = (sha256: string) => join(folder, `${sha256}.ogg`);

  const keep = async (prepared: PreparedSound, madeBy: string): Promise<SoundFacts> => {
    const row: SoundRow = {
      sha256: prepared.sha256,
      byte_length: prepared.byteLength,
      duration_ms: Math.round(prepared.durationMs),
      loudness_lufs: prepared.loudnessLufs,
      true_peak_dbtp: prepared.truePeakDbtp,
      recipe: `${prepared.recipeVersion}/${prepared.ffmpegBuild}`,
      made_by: madeBy,
      peaks: JSON.stringify(await outlineOf(prepared.path, PEAK_BUCKETS)),
      created_ms: clock.now().epochMilliseconds,
    };
    await store.add(row);
    return toSoundFacts(row);
  };
  const prepare = async (write: (path: string) => Promise<void>, madeBy: string, signal?: AbortSignal) => {
    await mkdir(folder, { recursive: true });
    const workDir = await mkdtemp(join(folder, '.source-'));
    try {
      const inputPath = join(workDir, 'source');
      await write(inputPath);
      return await keep(await prepareSound({ transcoder, inputPath, outputDir: folder, signal }), madeBy);
    } finally {
      await rm(workDir, { recursive: true, force: true });
    }
  };
  const row = async (sha256: string): Promise<SoundRow> => {
    const found = await store.find(sha256);
    if (!found)
      throw new AppError<ControllerErrorCode>(`there is no sound ${sha256} in the library`, {
        code: 'sound/unknown',
      });
    return found;
  };
  return {
    pathOf,
    addRendered: ({ samples, sampleRateHz }, madeBy, signal) =>
      prepare((path) => writeFile(path, writeWav(samples, sampleRateHz)), madeBy, signal),
    async addUpload(bytes, madeBy, signal) {
      try {
        return await prepare((path) => writeFile(path, bytes), madeBy, signal);
      } catch (cause) {
        if (!(cause instanceof MediaError) || !FAULTS_OF_A_RECORDING.includes(cause.code)) throw cause;
        throw new AppError<ControllerErrorCode>(
          `the recording cannot be used: ${cause.message}. Save it again as WAV, MP3 or M4A and upload the whole file`,
          { code: 'sound/broken-upload', cause, details: { reason: cause.code } },
        );
      }
    },
    get: async (sha256) => toSoundFacts(await row(sha256)),
    peaks: async (sha256) => JSON.parse((await row(sha256)).peaks) as number[],
  };
}
