import { describe, expect, it } from 'vitest';
import { readLoudness } from './loudness.ts';

const SUMMARY = `
[Parsed_ebur128_0 @ 0x55d0c8] Summary:

  Integrated loudness:
    I:         -18.3 LUFS
    Threshold: -28.5 LUFS

  Loudness range:
    LRA:         2.3 LU
    Threshold: -38.4 LUFS

  True peak:
    Peak:       -0.9 dBFS`;

describe('what ebur128 reports', () => {
  it('is read from its summary', () => {
    expect(readLoudness(SUMMARY.split('\n'))).toEqual({ loudnessLufs: -18.3, truePeakDbtp: -0.9 });
  });

  it('of silence is minus infinity, not a failure', () => {
    const silent = SUMMARY.replace('-18.3', '-70.0').replace('-0.9', '-inf');
    expect(readLoudness(silent.split('\n'))).toEqual({
      loudnessLufs: -70,
      truePeakDbtp: Number.NEGATIVE_INFINITY,
    });
    expect(readLoudness(SUMMARY.replace('-18.3', 'nan').split('\n'))?.loudnessLufs).toBe(
      Number.NEGATIVE_INFINITY,
    );
  });

  it('is the last of several summaries', () => {
    expect(
      readLoudness([...SUMMARY.split('\n'), ...SUMMARY.replace('-18.3', '-16.0').split('\n')])?.loudnessLufs,
    ).toBe(-16);
  });

  it('is nothing when there is none', () => {
    expect(readLoudness(['size=N/A time=00:00:00.00'])).toBeUndefined();
  });
});
