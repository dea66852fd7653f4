import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@loa/kernel';
import {
  CHIME_RATE_HZ,
  createSpeech,
  createTranscoder,
  decodeOggOpus,
  joinSound,
  matchRecording,
  normaliseForSpeech,
  OPUS_RATE_HZ,
  prepareSound,
  readWav,
  renderChime,
  resolveFfmpeg,
  type SpeechEngine,
  type Transcoder,
  writeWav,
} from '@loa/media';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const TEXTS = {
  birth:
    'UBND xã Vĩnh Quang hướng dẫn đăng ký khai sinh, mã 3.000722. Hạn 60 ngày. Sau 15:00 tính sang ngày sau.',
  meeting: 'Kính mời bà con họp thôn lúc 7h30 ngày 15/12/2025 tại nhà văn hóa.',
};

let folder: string;
let transcoder: Transcoder;
let speech: SpeechEngine;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-media-'));
  const ffmpeg = await resolveFfmpeg({ env: {}, log: silentLogger });
  transcoder = createTranscoder({ ffmpeg, clock: systemClock, log: silentLogger });
  speech = await createSpeech({ env: {}, clock: systemClock, log: silentLogger });
  await speech.start();
});
afterAll(async () => {
  await Promise.all([transcoder.stop(AbortSignal.timeout(5_000)), speech.stop(AbortSignal.timeout(5_000))]);
  await rm(folder, { recursive: true });
});

/** Chime, text and all: a bulletin as a box would fetch it. */
async function bulletin(text: string) {
  const { spoken } = normaliseForSpeech(text);
  const { samples, sampleRateHz } = await speech.synthesize(spoken);
  const joined = joinSound(
    [
      { kind: 'sound', samples: renderChime(), sampleRateHz: CHIME_RATE_HZ },
      { kind: 'pause', durationMs: 500 },
      { kind: 'sound', samples, sampleRateHz },
    ],
    OPUS_RATE_HZ,
  );
  const inputPath = join(folder, 'joined.wav');
  await writeFile(inputPath, writeWav(joined, OPUS_RATE_HZ));
  return prepareSound({ transcoder, inputPath, outputDir: folder });
}

describe('a bulletin from its text to its proof', () => {
  it('is loud enough, plays into a WAV, and is told from another bulletin with the same chime and voice', async () => {
    const [birth, meeting] = [await bulletin(TEXTS.birth), await bulletin(TEXTS.meeting)];
    for (const { loudnessLufs, truePeakDbtp } of [birth, meeting]) {
      expect(Math.abs(loudnessLufs + 16)).toBeLessThanOrEqual(0.5);
      expect(truePeakDbtp).toBeLessThanOrEqual(-1);
    }
    const [approved, other] = await Promise.all(
      [birth, meeting].map(async ({ path }) => (await decodeOggOpus(await readFile(path))).samples),
    );
    if (!approved || !other) throw new Error('nothing was decoded');
    const beganAt = 54_321;
    const played = new Int16Array(beganAt + approved.length + OPUS_RATE_HZ);
    played.set(approved, beganAt);
    const { samples: recording } = readWav(writeWav(played, OPUS_RATE_HZ));
    const compare = (reference: Int16Array) =>
      matchRecording({ recording, reference, sampleRateHz: OPUS_RATE_HZ });
    expect(compare(approved)).toMatchObject({ matched: true, beganAtSample: beganAt, coverage: 1 });
    expect(compare(other)).toMatchObject({ matched: false });
  });
});
