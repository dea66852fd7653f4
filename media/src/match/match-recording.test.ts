import { beforeAll, describe, expect, it } from 'vitest';
import { renderChime } from '../sound/chime.ts';
import { toInt16 } from '../sound/samples.ts';
import { syntheticSpeech } from '../sound/synthetic-speech.ts';
import { matchRecording } from './match-recording.ts';

const RATE = 48_000;
const BEGAN = 72_001; // a second and a half, and one sample that no lower rate can express
let approved: Float32Array;
let other: Float32Array;

beforeAll(() => {
  approved = syntheticSpeech({ seconds: 6, seed: 1 });
  other = syntheticSpeech({ seconds: 6, seed: 2 });
});

type Part = { of: Float32Array; at: number; gain?: number; from?: number; to?: number };

/** A recording of `seconds` in which parts of sounds lie so that the sound's own sample 0 would be at `at`. */
function recordingOf(parts: readonly Part[], seconds = 12): Float32Array {
  const recording = new Float32Array(seconds * RATE);
  for (const { of, at, gain = 1, from = 0, to = of.length } of parts)
    for (let i = Math.max(from, -at); i < to && at + i < recording.length; i++)
      recording[at + i] = (recording[at + i] ?? 0) + gain * (of[i] ?? 0);
  return recording;
}

/** Deterministic noise from -1 to 1. */
function noise(i: number): number {
  return (((i * 2_654_435_761) ^ ((i * 40_503) >>> 3)) >>> 0) / 2 ** 31 - 1;
}

const match = (recording: Float32Array | Int16Array, reference: Float32Array = approved) =>
  matchRecording({ recording, reference, sampleRateHz: RATE });

describe('a recording that holds the approved sound', () => {
  it('matches, with the sample at which it began', () => {
    const found = match(recordingOf([{ of: approved, at: BEGAN }]));
    expect(found).toMatchObject({ matched: true, beganAtSample: BEGAN, coverage: 1, threshold: 40 });
    expect(found.strength).toBeGreaterThan(100);
    expect(found.occurrences).toHaveLength(1);
    expect(found.occurrences[0]?.segments).toEqual([
      { recordingFrom: BEGAN, referenceFrom: 0, length: expect.any(Number) },
    ]);
  });

  it.each([0, 1, 2, 3, 4, 5])(
    'matches wherever it falls between the samples of a lower rate (%i)',
    (offset) => {
      const whistle = (i: number) => 0.2 * Math.sin((2 * Math.PI * 3_500 * i) / RATE);
      const whistling = approved.map((sample, i) => (i % RATE < RATE / 4 ? whistle(i) : sample));
      const beganAtSample = BEGAN - 1 + offset;
      const found = match(recordingOf([{ of: whistling, at: beganAtSample }]), whistling);
      expect(found).toMatchObject({ beganAtSample, coverage: 1 });
    },
  );

  it.each([0, -6, -20])('matches at %i dB, through 16 bits and the least bit of dither', (gainDb) => {
    const recording = toInt16(recordingOf([{ of: approved, at: BEGAN, gain: 10 ** (gainDb / 20) }]));
    const dithered = recording.map((sample, i) => sample + Math.round(noise(i)));
    expect(match(dithered)).toMatchObject({ matched: true, beganAtSample: BEGAN, coverage: 1 });
  });

  it('matches when it fades in and out', () => {
    const faded = approved.map((sample, i) => sample * Math.min(1, i / RATE, (approved.length - i) / RATE));
    const found = match(recordingOf([{ of: faded, at: BEGAN }]));
    expect(found).toMatchObject({ matched: true, beganAtSample: BEGAN });
    expect(found.coverage).toBeGreaterThan(0.97);
  });

  it('matches in noise as loud as itself', () => {
    const clean = recordingOf([{ of: approved, at: BEGAN }]);
    const level = Math.sqrt(clean.reduce((sum, sample) => sum + sample * sample, 0) / approved.length);
    const found = match(clean.map((sample, i) => sample + level * Math.sqrt(3) * noise(i)));
    expect(found.matched).toBe(true);
    expect(Math.abs((found.beganAtSample ?? 0) - BEGAN)).toBeLessThan(5);
  });

  it('matches when the sound card drifts by 50 millionths', () => {
    const drifted = approved.map((_, i) => {
      const at = i * 1.000_05;
      const [before = 0, after = 0] = approved.subarray(Math.floor(at), Math.floor(at) + 2);
      return before + (after - before) * (at % 1);
    });
    const found = match(recordingOf([{ of: drifted, at: BEGAN }]));
    expect(found.coverage).toBeGreaterThan(0.97);
    expect(Math.abs((found.beganAtSample ?? 0) - BEGAN)).toBeLessThan(48); // one millisecond
  });

  it('that began before the recording did, began at a negative sample', () => {
    const found = match(recordingOf([{ of: approved, at: -RATE }]));
    expect(found).toMatchObject({ matched: true, beganAtSample: -RATE });
    expect(found.coverage).toBeCloseTo(5 / 6, 1);
  });

  it('matches a chime alone', () => {
    const chime = renderChime();
    expect(match(recordingOf([{ of: chime, at: BEGAN }]), chime)).toMatchObject({
      matched: true,
      beganAtSample: BEGAN,
      coverage: 1,
    });
  });
});

describe('a recording that holds something else', () => {
  it.each([
    ['another text in another voice', () => recordingOf([{ of: other, at: BEGAN }])],
    ['noise', () => recordingOf([]).map((_, i) => 0.3 * noise(i))],
    ['silence', () => recordingOf([])],
    ['silence with dither', () => toInt16(recordingOf([])).map((_, i) => Math.round(noise(i)))],
  ])('(%s) does not match and stays far below the threshold', (_, recording) => {
    const found = match(recording());
    expect(found).toMatchObject({ matched: false, beganAtSample: undefined, coverage: 0, occurrences: [] });
    expect(found.strength).toBeLessThan(20);
  });

  it('does not match for the sake of a chime that both have', () => {
    const withChime = (sound: Float32Array) => Float32Array.from([...renderChime(), ...sound]);
    const found = match(recordingOf([{ of: withChime(other), at: BEGAN }]), withChime(approved));
    expect(found.matched).toBe(false);
    expect(found.coverage).toBeLessThan(0.3);
  });
});

describe('what is missing or too much', () => {
  it('a cut sound is covered as far as it went', () => {
    const found = match(recordingOf([{ of: approved, at: BEGAN, to: 2 * RATE }]));
    expect(found).toMatchObject({ matched: false, beganAtSample: BEGAN });
    expect(found.coverage).toBeCloseTo(2 / 6, 1);
  });

  it('a gap of a second is seen, and where', () => {
    const found = match(
      recordingOf([
        { of: approved, at: BEGAN, to: 2 * RATE },
        { of: approved, at: BEGAN, from: 3 * RATE },
      ]),
    );
    expect(found).toMatchObject({ matched: true, beganAtSample: BEGAN });
    expect(found.coverage).toBeCloseTo(5 / 6, 1);
    expect(found.occurrences[0]?.segments).toMatchObject([
      { recordingFrom: BEGAN, referenceFrom: 0 },
      { referenceFrom: 3 * RATE, recordingFrom: BEGAN + 3 * RATE },
    ]);
  });

  it('a pause splits it in two occurrences that together cover it, and it began with the first', () => {
    const found = match(
      recordingOf([
        { of: approved, at: BEGAN, to: 2 * RATE },
        { of: approved, at: BEGAN + RATE, from: 2 * RATE },
      ]),
    );
    expect(found).toMatchObject({ matched: true, beganAtSample: BEGAN, coverage: 1 });
    expect(found.occurrences.map(({ beganAtSample }) => beganAtSample)).toEqual([BEGAN, BEGAN + RATE]);
  });

  it('an underrun of 20 ms is seen', () => {
    const found = match(
      recordingOf([
        { of: approved, at: BEGAN, to: 2 * RATE },
        { of: approved, at: BEGAN + 960, from: 2 * RATE },
      ]),
    );
    expect(found.occurrences.map(({ beganAtSample }) => beganAtSample)).toEqual([BEGAN, BEGAN + 960]);
  });

  it('a double play is counted', () => {
    const second = BEGAN + approved.length + 777;
    const found = match(
      recordingOf(
        [
          { of: approved, at: BEGAN },
          { of: approved, at: second },
        ],
        15,
      ),
    );
    expect(found).toMatchObject({ matched: true, beganAtSample: BEGAN, coverage: 1 });
    expect(found.occurrences).toMatchObject([
      { beganAtSample: BEGAN, coverage: 1 },
      { beganAtSample: second, coverage: 1 },
    ]);
  });

  it('a start that broke off and began anew counts as both', () => {
    const second = BEGAN + 3 * RATE;
    const found = match(
      recordingOf([
        { of: approved, at: BEGAN, to: 2 * RATE },
        { of: approved, at: second },
      ]),
    );
    expect(found.beganAtSample).toBe(second);
    expect(found.occurrences.map(({ beganAtSample }) => beganAtSample)).toEqual([BEGAN, second]);
  });

  it('a sound that says everything twice is one play, not three', () => {
    const once = approved.subarray(0, 3 * RATE);
    const twice = Float32Array.from([...once, ...once]);
    const found = match(recordingOf([{ of: twice, at: BEGAN }]), twice);
    expect(found.occurrences).toMatchObject([{ beganAtSample: BEGAN, coverage: 1 }]);
  });
});

describe('what cannot be compared', () => {
  it.each([
    [
      'a reference under half a second',
      new Float32Array(RATE),
      new Float32Array(RATE / 4),
      'media/too-short-to-match',
    ],
    ['a silent reference', new Float32Array(RATE), new Float32Array(RATE), 'media/too-short-to-match'],
    ['more than eight minutes', new Float32Array(480 * RATE), new Float32Array(RATE), 'media/too-long'],
  ])('%s is refused', (_, recording, reference, code) => {
    expect(() => match(recording, reference)).toThrow(expect.objectContaining({ code }));
  });
});
