import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeOggOpus, matchRecording, OPUS_RATE_HZ, readWav } from '@loa/media/sound';
import { z } from 'zod';

const note = z.object({ sampleRateHz: z.literal(OPUS_RATE_HZ), firstSampleAtMs: z.number() });

/** What a recording says about an approved sound. The agent's own word is not asked. */
export interface Proof {
  readonly matched: boolean;
  /** Peak over background of the correlation; the threshold stands beside it. */
  readonly strength: number;
  readonly threshold: number;
  /** Share of the sound that is really there, 0..1. */
  readonly coverage: number;
  /** How many times the recording holds it. */
  readonly times: number;
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

/** The stretch of a recording around an instant: a day of silence need not be searched. */
const BEFORE_MS = 5_000;
const AFTER_MS = 10_000;

/** Looks for an approved sound in the newest recording of a folder, around the instant at which it was planned. */
export async function proveByRecording(
  folder: string,
  reference: Int16Array,
  plannedAtMs: number,
): Promise<Proof> {
  const name = (await readdir(folder))
    .filter((entry) => entry.endsWith('.wav'))
    .sort()
    .at(-1);
  if (name === undefined)
    return { matched: false, strength: 0, threshold: 0, coverage: 0, times: 0, startedAtMs: undefined };
  const { firstSampleAtMs } = note.parse(JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')));
  const { samples } = readWav(await readFile(join(folder, name)));
  const sampleAt = (ms: number) => Math.max(0, Math.round(((ms - firstSampleAtMs) / 1000) * OPUS_RATE_HZ));
  const from = sampleAt(plannedAtMs - BEFORE_MS);
  const to = sampleAt(plannedAtMs + (reference.length / OPUS_RATE_HZ) * 1000 + AFTER_MS);
  const match = matchRecording({
    recording: samples.subarray(from, to),
    reference,
    sampleRateHz: OPUS_RATE_HZ,
  });
  return {
    matched: match.matched,
    strength: match.strength,
    threshold: match.threshold,
    coverage: match.coverage,
    times: match.occurrences.length,
    startedAtMs:
      match.beganAtSample === undefined
        ? undefined
        : firstSampleAtMs + ((from + match.beganAtSample) / OPUS_RATE_HZ) * 1000,
  };
}
