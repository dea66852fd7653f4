import { describe, expect, it } from 'vitest';
import { CHIME_RATE_HZ, renderChime } from './chime.ts';
import { joinSound } from './join-sound.ts';
import { resample } from './resample.ts';
import { waveformPeaks } from './waveform-peaks.ts';

function tone(hz: number, rateHz: number, seconds = 0.5): Float32Array {
  return Float32Array.from({ length: rateHz * seconds }, (_, i) => Math.sin((2 * Math.PI * hz * i) / rateHz));
}

function rms(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

/** The largest difference, away from the ends where the filter sees nothing before the sound. */
function worstDifference(a: Float32Array, b: Float32Array): number {
  return a
    .slice(200, -200)
    .reduce((worst, sample, i) => Math.max(worst, Math.abs(sample - (b[i + 200] ?? 0))), 0);
}

describe('resampling', () => {
  it.each([
    [48_000, 8_000],
    [22_050, 48_000],
    [44_100, 48_000],
    [48_000, 22_050],
  ])('from %i to %i Hz keeps a tone, its level and its place', (fromHz, toHz) => {
    expect(worstDifference(resample(tone(1_000, fromHz), fromHz, toHz), tone(1_000, toHz))).toBeLessThan(
      0.005,
    );
  });

  it('lets nothing through that the lower rate cannot hold', () => {
    expect(rms(resample(tone(6_000, 48_000), 48_000, 8_000).slice(200, -200))).toBeLessThan(0.001);
  });
});

describe('the chime', () => {
  const chime = renderChime();

  it('lasts about a second and a half, is the same each time, and keeps clear of full scale', () => {
    expect(chime.length / CHIME_RATE_HZ).toBeCloseTo(1.6);
    expect(renderChime()).toEqual(chime);
    expect(Math.max(...chime.map(Math.abs))).toBeCloseTo(0.5);
  });

  it('begins and ends without a click', () => {
    expect(Math.abs(chime[0] ?? 1)).toBeLessThan(0.001);
    expect(Math.abs(chime.at(-1) ?? 1)).toBeLessThan(0.001);
  });

  it('has three notes, each higher than the last', () => {
    const strength = (hz: number, fromS: number) => {
      const from = Math.round(fromS * CHIME_RATE_HZ);
      const part = chime.slice(from, from + CHIME_RATE_HZ / 5);
      const wave = (turn: number) =>
        part.reduce((sum, s, i) => sum + s * Math.sin((2 * Math.PI * hz * i) / CHIME_RATE_HZ + turn), 0);
      return Math.hypot(wave(0), wave(Math.PI / 2)) / part.length;
    };
    for (const [hz, fromS] of [
      [392, 0.02],
      [523.25, 0.3],
      [659.26, 0.58],
    ] as const)
      for (const other of [392, 523.25, 659.26].filter((one) => one > hz))
        expect(strength(hz, fromS)).toBeGreaterThan(5 * strength(other, fromS));
  });
});

describe('joining', () => {
  it('puts pieces of different rates and pauses one after another', () => {
    const joined = joinSound(
      [
        { kind: 'sound', samples: tone(1_000, 24_000, 0.1), sampleRateHz: 24_000 },
        { kind: 'pause', durationMs: 50 },
        { kind: 'sound', samples: Int16Array.of(16_384, -16_384), sampleRateHz: 48_000 },
      ],
      48_000,
    );
    const spoken = joined.length - 2 - 2_400;
    expect(Math.abs(spoken - 4_800)).toBeLessThanOrEqual(1);
    expect(joined.slice(spoken, -2).every((sample) => sample === 0)).toBe(true);
    expect(joined.slice(-2)).toEqual(Float32Array.of(0.5, -0.5));
  });
});

describe('waveform peaks', () => {
  it('give the highest level of each stretch, from 0 to 1, whatever the kind of samples', () => {
    expect(waveformPeaks(Float32Array.of(0, 0.25, -0.5, 0.1, 0, 0), { buckets: 3 })).toEqual([0.25, 0.5, 0]);
    expect(waveformPeaks(Int16Array.of(-32_768, 0, 16_384, 0), { buckets: 2 })).toEqual([1, 0.5]);
  });

  it('are zero where there is no sound at all', () => {
    expect(waveformPeaks(new Float32Array(), { buckets: 3 })).toEqual([0, 0, 0]);
    expect(waveformPeaks(Float32Array.of(1), { buckets: 2 })).toEqual([0, 1]);
  });
});
