import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@loa/kernel';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { resolveFfmpeg } from '../ffmpeg/resolve-ffmpeg.ts';
import { createTranscoder, type Transcoder } from '../ffmpeg/transcoder.ts';
import { decodeOggOpus } from '../sound/decode-ogg-opus.ts';
import { syntheticSpeech } from '../sound/synthetic-speech.ts';
import { writeWav } from '../sound/wav.ts';
import { LOUDNESS_FILTER, readLoudness } from './loudness.ts';
import { prepareSound } from './prepare-sound.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 }); // real processes on a busy machine

const RATE = 22_050;

let transcoder: Transcoder;
let outputDir: string;
let inputPath: string;

beforeAll(async () => {
  const ffmpeg = await resolveFfmpeg({ env: {}, log: silentLogger });
  transcoder = createTranscoder({ ffmpeg, clock: systemClock, log: silentLogger });
});
afterAll(() => transcoder.stop(AbortSignal.timeout(5_000)));
beforeEach(async () => {
  outputDir = await mkdtemp(join(tmpdir(), 'loa-prepare-'));
  inputPath = join(outputDir, 'input.wav');
});
afterEach(() => rm(outputDir, { recursive: true }));

async function prepare(samples: Float32Array, signal?: AbortSignal) {
  await writeFile(inputPath, writeWav(samples, RATE));
  return prepareSound({ transcoder, inputPath, outputDir, signal });
}

const speech = (seconds: number) => syntheticSpeech({ seconds, sampleRateHz: RATE });

describe('a prepared sound', () => {
  it.each([
    ['of ordinary level', 1],
    ['recorded 20 dB too low', 0.1],
  ])('%s comes to -16 LUFS ± 0.5 with a true peak of at most -1 dBTP', async (_, gain) => {
    const sound = await prepare(speech(3).map((sample) => sample * gain));
    // Measured again here, on the very bytes that were kept.
    const again = readLoudness(
      await transcoder.transcode({ inputPath: sound.path, audioFilters: [LOUDNESS_FILTER] }),
    );
    expect(again).toEqual({ loudnessLufs: sound.loudnessLufs, truePeakDbtp: sound.truePeakDbtp });
    expect(Math.abs(sound.loudnessLufs + 16)).toBeLessThanOrEqual(0.5);
    expect(sound.truePeakDbtp).toBeLessThanOrEqual(-1);
  });

  it('is named by the hash of its bytes, which are mono Opus of the same length, and nothing else is left', async () => {
    const sound = await prepare(speech(3));
    const bytes = await readFile(sound.path);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(sound).toMatchObject({ sha256, path: join(outputDir, `${sha256}.ogg`), byteLength: bytes.length });
    expect((await readdir(outputDir)).sort()).toEqual([`${sha256}.ogg`, 'input.wav'].sort());
    expect(sound.durationMs).toBe(3_000);
    expect((await decodeOggOpus(bytes)).samples.length).toBe(3 * 48_000);
    expect((sound.byteLength * 8) / 3).toBeLessThan(32_000); // 24 kbit/s on average, and the container
    expect(sound).toMatchObject({ recipeVersion: 'loa-1', ffmpegBuild: transcoder.ffmpeg.buildId });
  });

  it('is the same bytes when made again', async () => {
    const [first, second] = [await prepare(speech(2)), await prepare(speech(2))];
    expect(second).toEqual(first);
  });
});

it('a prepared sound carries nothing of the tags of what was handed in', async () => {
  const plain = Buffer.from(writeWav(speech(2), RATE));
  const tag = Buffer.from('LIST\x14\0\0\0INFOINAM\x08\0\0\0private\0', 'latin1');
  await writeFile(inputPath, Buffer.concat([plain.subarray(0, 36), tag, plain.subarray(36)]));
  const tagged = await prepareSound({ transcoder, inputPath, outputDir });
  expect((await readFile(tagged.path)).includes('private')).toBe(false);
  expect(tagged.sha256).toBe((await prepare(speech(2))).sha256);
});

describe('a sound that cannot be brought to the wanted loudness', () => {
  const clicks = Float32Array.from({ length: 3 * RATE }, (_, i) => (i % RATE === 0 ? 0.9 : 0));
  it.each([
    ['silence', new Float32Array(2 * RATE)],
    ['too-short', speech(0.3)],
    ['too-quiet', speech(2).map((sample) => sample * 0.004)],
    ['impulses', clicks],
  ])('is refused, with the reason: %s', async (obstacle, samples) => {
    await expect(prepare(samples)).rejects.toMatchObject({
      code: 'media/loudness-cannot-reach',
      details: { obstacle },
    });
    expect(await readdir(outputDir)).toEqual(['input.wav']);
  });
});

describe('a preparation that fails', () => {
  it('tells of a broken upload, and leaves nothing behind', async () => {
    await writeFile(inputPath, 'no sound');
    await expect(prepareSound({ transcoder, inputPath, outputDir })).rejects.toMatchObject({
      code: 'media/broken-input',
    });
    expect(await readdir(outputDir)).toEqual(['input.wav']);
  });

  it('can be cancelled half-way, and leaves nothing behind', async () => {
    await writeFile(inputPath, writeWav(speech(3), RATE));
    const cancel = new AbortController();
    const work = prepareSound({
      transcoder,
      inputPath,
      outputDir,
      signal: cancel.signal,
      onProgress: () => cancel.abort(), // the first encoding has begun
    });
    await expect(work).rejects.toMatchObject({ code: 'media/cancelled' });
    expect(await readdir(outputDir)).toEqual(['input.wav']);
  });
});
