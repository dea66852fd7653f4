import { describe, expect, it } from 'vitest';
import { openClip } from './clip.ts';
import { createMixer } from './mixer.ts';

/** A clip of `ms` milliseconds in which every sample is `value`, ready to be taken. */
async function aClip({ value = 1_000, ms = 100 } = {}) {
  const clip = openClip([{ kind: 'file', path: '' }], {
    async *openSound() {
      yield new Int16Array(ms * 48).fill(value);
    },
  });
  await new Promise((resolve) => setImmediate(resolve));
  return clip;
}

/** Mixes `ms` milliseconds in periods of 20 ms, from `firstIndex` on. */
function mixed(mixer: ReturnType<typeof createMixer>, ms: number, firstIndex = 0): Int16Array {
  const samples = new Int16Array(ms * 48);
  for (let at = 0; at < samples.length; at += 960) mixer.mix(samples.subarray(at, at + 960), firstIndex + at);
  return samples;
}
const plain = { firstIndex: 0, gainDb: 0, fadeInMs: 0 };
const range = (samples: Int16Array) => [Math.min(...samples), Math.max(...samples)];

describe('the mixer', () => {
  it('gives silence when nothing sounds', () => {
    const samples = new Int16Array(960).fill(7);
    createMixer().mix(samples, 0);
    expect(range(samples)).toEqual([0, 0]);
  });

  it('places a clip on its sample, in the middle of a period, and tells where it ends', async () => {
    const mixer = createMixer();
    const voice = mixer.add(await aClip(), { ...plain, firstIndex: 1_234 });
    const samples = mixed(mixer, 200);
    expect(samples.indexOf(1_000)).toBe(1_234);
    expect(samples.lastIndexOf(1_000)).toBe(1_234 + 4_800 - 1);
    expect(samples.filter((sample) => sample === 1_000).length).toBe(4_800);
    expect(voice.endIndex()).toBe(1_234 + 4_800);
    expect(voice.taken()).toBe(4_800);
  });

  it('adds clips up, with their gains, and never exceeds full scale', async () => {
    const mixer = createMixer();
    mixer.add(await aClip({ value: 20_000 }), { ...plain, gainDb: -6.0206 });
    mixer.add(await aClip({ value: 1_000 }), plain);
    expect(range(mixed(mixer, 40))).toEqual([11_000, 11_000]);
    mixer.add(await aClip({ value: 30_000 }), { ...plain, firstIndex: 1_920 });
    expect(range(mixed(mixer, 40, 1_920))).toEqual([32_767, 32_767]);
    const below = createMixer();
    below.add(await aClip({ value: -30_000 }), { ...plain, gainDb: 6 });
    expect(range(mixed(below, 20))).toEqual([-32_768, -32_768]);
  });

  it('fades out in a straight line to exact silence, and then ends', async () => {
    const mixer = createMixer();
    const voice = mixer.add(await aClip({ value: 10_000, ms: 500 }), plain);
    mixed(mixer, 20);
    voice.fadeOut(50);
    const fade = mixed(mixer, 100, 960);
    const steps = fade.subarray(1).map((sample, i) => (fade[i] ?? 0) - sample);
    expect(fade[1_200]).toBeCloseTo(5_000, -1);
    expect(Math.max(...steps)).toBeLessThanOrEqual(5); // 10000 in 2400 samples: no click
    expect(fade[2_399]).toBe(0);
    expect(voice.endIndex()).toBe(960 + 2_400);
  });

  it('cuts at once when the fade takes no time', async () => {
    const mixer = createMixer();
    const voice = mixer.add(await aClip(), plain);
    mixed(mixer, 20);
    voice.fadeOut(0);
    expect(range(mixed(mixer, 20, 960))).toEqual([0, 0]);
    expect(voice.endIndex()).toBe(960);
  });

  it('fades a resumed clip in', async () => {
    const mixer = createMixer();
    mixer.add(await aClip({ value: 10_000 }), { ...plain, fadeInMs: 50 });
    const samples = mixed(mixer, 80);
    expect(samples[0]).toBeLessThan(10);
    expect(samples[1_200]).toBeCloseTo(5_000, -1);
    expect(samples[2_400]).toBe(10_000);
  });

  it('goes on where it was after the sink had to put silence in, and counts the gap', async () => {
    const mixer = createMixer();
    const voice = mixer.add(await aClip(), plain);
    mixed(mixer, 40);
    const rest = mixed(mixer, 100, 1_920 + 4_800); // 100 ms were missed
    expect(rest.filter((sample) => sample === 1_000).length).toBe(4_800 - 1_920);
    expect(voice.gapSamples()).toBe(4_800);
    expect(voice.endIndex()).toBe(4_800 + 4_800);
  });

  it('waits in silence for a decoder that is behind, and counts the gap only when more follows', async () => {
    let goOn = () => {};
    const clip = openClip([{ kind: 'file', path: '' }], {
      async *openSound() {
        yield new Int16Array(960).fill(1_000);
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
        yield new Int16Array(480).fill(1_000);
      },
    });
    await new Promise((resolve) => setImmediate(resolve));
    const mixer = createMixer();
    const voice = mixer.add(clip, plain);
    mixed(mixer, 60);
    expect([voice.gapSamples(), voice.endIndex()]).toEqual([0, undefined]);
    goOn();
    await new Promise((resolve) => setImmediate(resolve));
    mixed(mixer, 40, 2_880);
    expect([voice.gapSamples(), voice.endIndex()]).toEqual([1_920, 2_880 + 480]);
  });

  it('measures what it sent', async () => {
    const mixer = createMixer();
    const voice = mixer.add(await aClip({ value: 16_384, ms: 20 }), { ...plain, gainDb: -6.0206 });
    mixed(mixer, 20);
    expect(voice.level()).toEqual({
      peakDbfs: expect.closeTo(-12.04, 1),
      rmsDbfs: expect.closeTo(-12.04, 1),
    });
  });

  it('measures silence as nothing', async () => {
    const mixer = createMixer();
    const voice = mixer.add(await aClip({ value: 0 }), plain);
    mixed(mixer, 20);
    expect(voice.level()).toEqual({ peakDbfs: null, rmsDbfs: null });
  });
});
