import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sha256 } from '@loa/kernel';
import { MediaError } from '../errors.ts';
import type { Transcoder } from '../ffmpeg/transcoder.ts';
import { type Levels, searchGain, TARGET } from './gain-search.ts';
import { keepByContent } from './keep-by-content.ts';
import { LOUDNESS_FILTER, readLoudness } from './loudness.ts';
import { measureDurationMs } from './measure-duration.ts';

/** Changes whenever the recipe's result may: part of a cache key, never of a content address. */
export const RECIPE_VERSION = 'loa-1';

/** A sound that may air: its address, and what was measured on its very bytes. */
export interface PreparedSound {
  readonly path: string;
  readonly sha256: Sha256;
  readonly byteLength: number;
  readonly durationMs: number;
  readonly loudnessLufs: number;
  readonly truePeakDbtp: number;
  /** Gain that was added after the compressor. */
  readonly gainDb: number;
  /** How many encodings it took. */
  readonly passes: number;
  readonly recipeVersion: string;
  readonly ffmpegBuild: string;
}

/** Why a sound cannot be brought to the wanted loudness. */
export type LoudnessObstacle = 'too-short' | 'silence' | 'too-quiet' | 'impulses';

const OBSTACLES: Record<LoudnessObstacle, string> = {
  'too-short': 'it is shorter than 0.4 s, the least that loudness can be measured on',
  silence: 'it is silent, or nearly so',
  'too-quiet': 'it is so quiet that mostly its noise would be heard',
  impulses: 'it is made of short peaks with little between them, like clicks or knocks',
};

const MIN_DURATION_MS = 400; // one gating block of ITU-R BS.1770
const GATE_LUFS = -70;

/** Speech on horns: nothing below 120 Hz, and quiet words brought nearer to loud ones. */
const SHAPING = ['highpass=f=120', 'acompressor=threshold=-24dB:ratio=3:attack=10:release=200'];

/** Mono Opus whose bytes depend on nothing but the input, the recipe and the ffmpeg build. */
const ENCODING = [
  ...['-ac', '1', '-ar', '48000'],
  ...['-c:a', 'libopus', '-b:a', '24k', '-application', 'audio', '-frame_duration', '20'],
  ...['-fflags', '+bitexact', '-flags:a', '+bitexact', '-f', 'ogg'],
];

/**
 * Makes the one sound that is approved and aired: -16 LUFS ± 0.5, true peak at most -1 dBTP, Ogg/Opus 24 kbit/s mono,
 * kept in `outputDir` as `<sha256>.ogg`. `onProgress` tells each encoding by its number, from 1.
 * @throws {MediaError} media/loudness-cannot-reach with `details.obstacle`, and whatever `transcode` throws.
 */
export async function prepareSound({
  transcoder,
  inputPath,
  outputDir,
  signal,
  onProgress,
}: {
  readonly transcoder: Transcoder;
  readonly inputPath: string;
  readonly outputDir: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { readonly pass: number; readonly timeMs: number }) => void) | undefined;
}): Promise<PreparedSound> {
  const measure = async (path: string, filters: readonly string[]) => {
    const audioFilters = [...filters, LOUDNESS_FILTER];
    const loudness = readLoudness(await transcoder.transcode({ inputPath: path, audioFilters }, { signal }));
    return loudness ?? { loudnessLufs: Number.NEGATIVE_INFINITY, truePeakDbtp: Number.NEGATIVE_INFINITY };
  };
  const workDir = await mkdtemp(join(outputDir, '.preparing-'));
  let pass = 0;
  const encode = async ({ gainDb, ceilingDb }: Levels) => {
    const outputPath = join(workDir, `${++pass}.ogg`);
    const limit = (10 ** (ceilingDb / 20)).toFixed(4);
    const levels = [`volume=${gainDb}dB`, `alimiter=limit=${limit}:attack=5:release=50:level=disabled`];
    await transcoder.transcode(
      { inputPath, outputPath, audioFilters: [...SHAPING, ...levels], outputOptions: ENCODING },
      { signal, onProgress: (timeMs) => onProgress?.({ pass, timeMs }) },
    );
    return { ...(await measure(outputPath, [])), result: outputPath };
  };
  try {
    const source = await measure(inputPath, SHAPING);
    if (source.loudnessLufs <= GATE_LUFS) {
      const { result } = await encode({ gainDb: 0, ceilingDb: 0 }); // only to learn how long it is
      throw cannotReach(
        (await measureDurationMs(result)) < MIN_DURATION_MS ? 'too-short' : 'silence',
        source,
      );
    }
    const search = await searchGain(source.loudnessLufs, encode);
    if (search.kind === 'unreachable') {
      const { result: _, ...measured } = search.nearest;
      const limiterRests = measured.truePeakDbtp < measured.ceilingDb - 3;
      throw cannotReach(limiterRests ? 'too-quiet' : 'impulses', measured);
    }
    const { result, gainDb, loudnessLufs, truePeakDbtp } = search.pass;
    const durationMs = await measureDurationMs(result);
    const kept = await keepByContent(result, outputDir, '.ogg');
    const { passes } = search;
    const made = { recipeVersion: RECIPE_VERSION, ffmpegBuild: transcoder.ffmpeg.buildId };
    return { ...kept, durationMs, loudnessLufs, truePeakDbtp, gainDb, passes, ...made };
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

function cannotReach(obstacle: LoudnessObstacle, measured: object): MediaError {
  return new MediaError(
    `this sound cannot be brought to ${TARGET.loudnessLufs} LUFS: ${OBSTACLES[obstacle]}`,
    { code: 'media/loudness-cannot-reach', details: { obstacle, ...measured } },
  );
}
