import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeOggOpus, matchRecording, OPUS_RATE_HZ, readWav } from '@loa/media/sound';
import { z } from 'zod';

const note = z.object({ sampleRateHz: z.literal(OPUS_RATE_HZ), firstSampleAtMs: z.number() });

/** One time that the sound, or a part of it, was heard. */
export interface Hearing {
  /** When its first sample left, or would have left the sink, UTC milliseconds with fractions. */
  readonly startedAtMs: number;
  /** Share of the sound heard this time, 0..1. */
  readonly coverage: number;
}

/** What the recordings of a box say about an approved sound. The agent's own word is not asked. */
export interface Proof {
  readonly matched: boolean;
  /** Peak over background of the correlation; the threshold stands beside it. */
  readonly strength: number;
  readonly threshold: number;
  /** Share of the sound that is really there, 0..1. */
  readonly coverage: number;
  /** In order of time; more than one is a double play, or a play with a break in it. */
  readonly hearings: readonly Hearing[];
  /** When its first sample left the sink, UTC milliseconds; undefined when it was not found. */
  readonly startedAtMs: number | undefined;
}

/** A step of an approved sound: one of its files, or silence. */
export type Step =
  | { readonly kind: 'sound'; readonly sound: number }
  | { readonly kind: 'pause'; readonly ms: number };

/** Decodes approved sounds into the one stretch that should have been heard, its pauses included. */
export async function approvedSound(
  files: ReadonlyArray<Uint8Array>,
  steps: readonly Step[] = files.map((_, sound) => ({ kind: 'sound', sound })),
): Promise<Int16Array> {
  const decoded = await Promise.all(files.map(async (file) => (await decodeOggOpus(file)).samples));
  const pieces = steps.map((step) =>
    step.kind === 'pause'
      ? new Int16Array((step.ms / 1000) * OPUS_RATE_HZ)
      : (decoded[step.sound] ?? new Int16Array()),
  );
  const whole = new Int16Array(pieces.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** The stretch around the sound's place that is searched: a day of silence need not be. */
const AROUND = { beforeMs: 5_000, afterMs: 10_000 };
/** What is shorter than this cannot be searched; a box that has just begun to record. */
const SHORTEST_SAMPLES = OPUS_RATE_HZ / 10;

/** Looks for an approved sound in all recordings of a folder, around the instant at which it was planned. */
export async function proveByRecording(
  folder: string,
  reference: Int16Array,
  plannedAtMs: number,
  { beforeMs, afterMs } = AROUND,
): Promise<Proof> {
  const untilMs = plannedAtMs + (reference.length / OPUS_RATE_HZ) * 1000 + afterMs;
  const stretches = await recordedBetween(folder, plannedAtMs - beforeMs, untilMs);
  const found = stretches
    .filter(({ samples }) => samples.length >= SHORTEST_SAMPLES)
    .map(({ samples, firstSampleAtMs }) => {
      const toMs = (sample: number) => firstSampleAtMs + (sample / OPUS_RATE_HZ) * 1000;
      const match = matchRecording({ recording: samples, reference, sampleRateHz: OPUS_RATE_HZ });
      const { beganAtSample, occurrences } = match;
      return {
        ...match,
        startedAtMs: beganAtSample === undefined ? undefined : toMs(beganAtSample),
        hearings: occurrences.map((one) => ({
          startedAtMs: toMs(one.beganAtSample),
          coverage: one.coverage,
        })),
      };
    });
  const most = (pick: (one: (typeof found)[number]) => number) => Math.max(0, ...found.map(pick));
  return {
    matched: found.some(({ matched }) => matched),
    strength: most(({ strength }) => strength),
    threshold: most(({ threshold }) => threshold),
    coverage: most(({ coverage }) => coverage),
    hearings: found.flatMap(({ hearings }) => hearings),
    startedAtMs: found.find(({ startedAtMs }) => startedAtMs !== undefined)?.startedAtMs,
  };
}

/** Returns what each recording of a folder holds of a span of time, oldest recording first. */
async function recordedBetween(folder: string, fromMs: number, untilMs: number) {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.wav')).sort();
  return Promise.all(
    names.map(async (name) => {
      const { firstSampleAtMs } = note.parse(
        JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')),
      );
      const { samples } = readWav(await readFile(join(folder, name)));
      const sampleAt = (ms: number) =>
        Math.max(0, Math.round(((ms - firstSampleAtMs) / 1000) * OPUS_RATE_HZ));
      const from = sampleAt(fromMs);
      return {
        firstSampleAtMs: firstSampleAtMs + (from / OPUS_RATE_HZ) * 1000,
        samples: samples.subarray(from, sampleAt(untilMs)),
      };
    }),
  );
}
