import { describe, expect, it } from 'vitest';
import { followAlsa } from './alsa-position.ts';
import { SAMPLES_PER_MS } from './sink.ts';

/** A card that began at `beganAtMs` with sample `base`, whose buffer of 9600 is kept full. */
function reading(atMs: number, { beganAtMs = 1_000, base = 0, noiseMs = 0 } = {}) {
  const played = (atMs - beganAtMs) * SAMPLES_PER_MS;
  const applPtr = Math.ceil(played / 960) * 960 + 9_600 - 960;
  const status = {
    state: 'RUNNING',
    tstampMs: atMs + noiseMs,
    triggerMs: beganAtMs,
    delay: applPtr - played,
    applPtr,
  };
  return [status, base + applPtr] as const;
}

describe('the position of a card', () => {
  it('is known after ten readings, and is that of the card', () => {
    const position = followAlsa();
    for (let n = 0; n < 9; n++) position.observe(...reading(1_020 + n * 20));
    expect(position.estimate()).toBeUndefined();
    position.observe(...reading(1_200));
    expect(position.estimate()?.originMonoMs).toBeCloseTo(1_000, 6);
    expect(position.leaving()).toBe(200 * SAMPLES_PER_MS);
  });

  it('is not moved by one reading that is far off', () => {
    const position = followAlsa();
    for (let n = 0; n < 50; n++) position.observe(...reading(1_020 + n * 20, { noiseMs: n === 49 ? 80 : 0 }));
    expect(position.estimate()?.originMonoMs).toBeCloseTo(1_000, 6);
  });

  it('follows a card whose crystal is slow', () => {
    const position = followAlsa();
    for (let n = 0; n < 3_000; n++) position.observe(...reading(1_020 + n * 20, { noiseMs: n * 20 * 50e-6 })); // 50 ppm: 3 ms in a minute
    expect(position.estimate()?.originMonoMs).toBeGreaterThan(1_002.5);
  });

  it('is found anew, in the same count of samples, after the card ran dry', () => {
    const position = followAlsa();
    for (let n = 0; n < 200; n++) position.observe(...reading(1_020 + n * 20));
    const [base, beganAtMs] = [4_100 * SAMPLES_PER_MS, 5_200]; // 4100 ms had been played; the card then stood still
    const recovered = Array.from({ length: 60 }, (_, n) => {
      const [status, written] = reading(5_220 + n * 20, { base, beganAtMs });
      const held = (n % 3) * 320; // the program in between holds a part of a period
      return position.observe(
        { ...status, applPtr: status.applPtr - held, delay: status.delay - held },
        written,
      ).recovered;
    });
    expect(recovered.filter(Boolean).length).toBe(1);
    expect(recovered[0]).toBe(true);
    expect(position.estimate()?.originMonoMs).toBeCloseTo(5_200 - 4_100, 6);
  });
});
