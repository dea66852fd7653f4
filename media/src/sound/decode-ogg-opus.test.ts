import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@loa/kernel';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { resolveFfmpeg } from '../ffmpeg/resolve-ffmpeg.ts';
import { createTranscoder } from '../ffmpeg/transcoder.ts';
import { createOggOpusDecoder, decodeOggOpus } from './decode-ogg-opus.ts';
import { syntheticSpeech } from './synthetic-speech.ts';
import { writeWav } from './wav.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 }); // real processes on a busy machine

const SECONDS = 3;
let mono: Buffer;
let stereo: Buffer;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'loa-opus-'));
  const ffmpeg = await resolveFfmpeg({ env: {}, log: silentLogger });
  const transcoder = createTranscoder({ ffmpeg, clock: systemClock, log: silentLogger });
  const [inputPath, outputPath] = [join(folder, 'in.wav'), join(folder, 'out.ogg')];
  await writeFile(inputPath, writeWav(syntheticSpeech({ seconds: SECONDS }), 48_000));
  const encode = async (channels: string) => {
    await transcoder.transcode({
      inputPath,
      outputPath,
      outputOptions: [
        '-ac',
        channels,
        '-c:a',
        'libopus',
        '-b:a',
        '24k',
        '-page_duration',
        '200000',
        '-f',
        'ogg',
      ],
    });
    return readFile(outputPath);
  };
  mono = await encode('1');
  stereo = await encode('2');
  await rm(folder, { recursive: true });
});

/** Copies the file with one byte changed and the page's checksum left as it was. */
function altered(at: number): Buffer {
  const copy = Buffer.from(mono);
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}

describe('decoding a whole Ogg/Opus file', () => {
  it('gives mono sound at 48 kHz, to the sample as long as what was encoded', async () => {
    const { samples, sampleRateHz } = await decodeOggOpus(mono);
    expect(sampleRateHz).toBe(48_000);
    expect(samples.length).toBe(SECONDS * 48_000);
    expect(samples.some((sample) => sample > 3_000)).toBe(true);
  });

  it('gives the same from a stream of any pieces', async () => {
    const whole = await decodeOggOpus(mono);
    async function* inPieces(size: number) {
      for (let at = 0; at < mono.length; at += size) yield mono.subarray(at, at + size);
    }
    expect(await decodeOggOpus(inPieces(7))).toEqual(whole);
    expect(await decodeOggOpus(inPieces(4_000))).toEqual(whole);
  });

  it('mixes two channels into one', async () => {
    expect((await decodeOggOpus(stereo)).samples.length).toBe(SECONDS * 48_000);
  });

  it.each([
    ['nothing', () => Buffer.alloc(0)],
    ['text', () => Buffer.from('A letter to the chairman of the commune, long enough to hold a header.')],
    ['a WAV', () => Buffer.from(writeWav(new Int16Array(100), 8_000))],
    ['pages without the header', () => mono.subarray(mono.indexOf('OggS', 4))],
    ['a few bytes of a header', () => mono.subarray(0, 20)],
  ])('refuses %s as no Opus', async (_, bytes) => {
    await expect(decodeOggOpus(bytes())).rejects.toMatchObject({ code: 'media/not-opus' });
  });

  it.each([
    ['is cut inside a page', () => mono.subarray(0, mono.length - 10)],
    ['is cut between pages', () => mono.subarray(0, mono.lastIndexOf('OggS'))],
    ['has one byte altered', () => altered(mono.length - 10)],
  ])('refuses a file that %s, instead of making up sound', async (_, bytes) => {
    await expect(decodeOggOpus(bytes())).rejects.toMatchObject({ code: 'media/broken-input' });
  });

  it('stops at the bound, whatever the file says of its length', async () => {
    await expect(decodeOggOpus(mono, { maxDurationMs: 1_000 })).rejects.toMatchObject({
      code: 'media/too-long',
      message: 'this sound is longer than the 1 s allowed',
    });
    await decodeOggOpus(mono, { maxDurationMs: SECONDS * 1_000 });
  });
});

describe('decoding a stream as it comes', () => {
  it('gives sound before the end has come, and the rest at the end', async () => {
    const decoder = createOggOpusDecoder();
    const half = await decoder.decode(mono.subarray(0, mono.length / 2));
    expect(half.length).toBeGreaterThan(48_000);
    expect(decoder.isComplete).toBe(false);
    const rest = [await decoder.decode(mono.subarray(mono.length / 2)), await decoder.flush()];
    expect(half.length + rest.reduce((total, { length }) => total + length, 0)).toBe(SECONDS * 48_000);
    expect(decoder.isComplete).toBe(true);
    decoder.free();
  });

  it('takes a listener who comes late, given the first two pages', async () => {
    const page = (n: number) => {
      let at = 0;
      for (let i = 0; i < n; i++) at = mono.indexOf('OggS', at + 4);
      return at;
    };
    const decoder = createOggOpusDecoder();
    const late = await decoder.decode(Buffer.concat([mono.subarray(0, page(2)), mono.subarray(page(7))]));
    expect(late.length).toBeGreaterThan(48_000);
    decoder.free();
  });
});
