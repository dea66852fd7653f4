import { describe, expect, it } from 'vitest';
import { toFloat, toInt16 } from './samples.ts';
import { readWav, wavHeader, writeWav } from './wav.ts';

const SAMPLES = Int16Array.of(0, 1, -1, 32_767, -32_768);

describe('a WAV file', () => {
  it('reads back as it was written', () => {
    expect(readWav(writeWav(SAMPLES, 48_000))).toEqual({ samples: SAMPLES, sampleRateHz: 48_000 });
  });

  it('is the known sequence of bytes', () => {
    expect(Buffer.from(writeWav(Int16Array.of(258), 8_000)).toString('hex')).toBe(
      '524946462600000057415645666d7420100000000100010040' + '1f0000803e00000200100064617461020000000201',
    );
  });

  it.each([
    ['zero', 0],
    ['more than there is', 0x7fff_f000],
  ])('left by a killed recorder, with a length of %s, gives what is there', (_, dataBytes) => {
    const file = Buffer.concat([
      wavHeader(48_000, dataBytes),
      writeWav(SAMPLES, 48_000).subarray(44),
      Buffer.of(7),
    ]);
    expect(readWav(file).samples).toEqual(SAMPLES);
  });

  it('may hold other chunks, of odd length too, and more channels, of which the first is read', () => {
    const file = Buffer.from(writeWav(Int16Array.of(1, 9, 2, 9), 8_000));
    file.writeUInt16LE(2, 22);
    const note = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1');
    expect(readWav(Buffer.concat([file.subarray(0, 36), note, file.subarray(36)])).samples).toEqual(
      Int16Array.of(1, 2),
    );
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'RIFF'],
    ['text', Buffer.from('this is no sound at all'), 'RIFF'],
    ['a header alone', Buffer.from(wavHeader(8_000, 0)).subarray(0, 36), 'no samples'],
    ['8-bit samples', patched(34, 8), '8 bits'],
    ['compressed samples', patched(20, 85), 'format 85'],
    ['no channel', patched(22, 0), 'empty'],
  ])('that holds %s is refused with a sentence', (_, file, part) => {
    expect(() => readWav(file)).toThrow(
      expect.objectContaining({ code: 'media/not-wav', message: expect.stringContaining(part) }),
    );
  });
});

function patched(at: number, value: number): Buffer {
  const file = Buffer.from(writeWav(SAMPLES, 8_000));
  file.writeUInt16LE(value, at);
  return file;
}

describe('samples', () => {
  it('become integers by rounding and clipping, never by wrapping round', () => {
    expect(toInt16(Float32Array.of(0, 0.5, -0.5, 1, -1, 1.7, -1.7))).toEqual(
      Int16Array.of(0, 16_384, -16_384, 32_767, -32_768, 32_767, -32_768),
    );
  });

  it('survive the way to floats and back', () => {
    expect(toInt16(toFloat(SAMPLES))).toEqual(SAMPLES);
  });
});
