import { MediaError } from '../errors.ts';
import { resample } from '../sound/resample.ts';
import type { Samples } from '../sound/samples.ts';
import { toFloat } from '../sound/samples.ts';
import { findOccurrences, type RoughOccurrence } from './find-occurrences.ts';
import { findPeaks } from './find-peaks.ts';
import { audibleWindows, bestShift, preEmphasis, type Window } from './presence.ts';
import { whitenedCorrelation } from './whitened-correlation.ts';

/** A stretch of the approved sound that was heard without a break, its own pauses included; in samples of the given rate. */
export interface MatchSegment {
  readonly recordingFrom: number;
  readonly referenceFrom: number;
  readonly length: number;
}

/** One time that the approved sound, or a part of it, was heard. */
export interface Occurrence {
  /** Where its first sample is in the recording; negative when the recording began later than the sound. */
  readonly beganAtSample: number;
  /** How far it stands out of everything else; see `RecordingMatch.strength`. */
  readonly strength: number;
  /** What part of the approved sound's audible stretches was heard this time (0–1). */
  readonly coverage: number;
  readonly segments: readonly MatchSegment[];
}

/** What a recording says about an approved sound. */
export interface RecordingMatch {
  /** True when the sound stands out (`strength`) and at least half of it was heard (`coverage`): not a shared chime. */
  readonly matched: boolean;
  /** Where it began, `undefined` when nothing of it was heard; after a pause or a fault, where the first part began. */
  readonly beganAtSample: number | undefined;
  /** Peak over RMS of the correlation: hundreds for a copy, about 100 for one second of it, below 15 for another text. */
  readonly strength: number;
  /** The least strength of a match. */
  readonly threshold: number;
  /** What part of the approved sound's audible stretches was heard at least once (0–1), judged every 0.1 s. */
  readonly coverage: number;
  /** Every time it was heard, in order: two of full coverage are a double play, two halves a pause in between. */
  readonly occurrences: readonly Occurrence[];
}

const DETECTION_HZ = 8_000;
/** Twice as fine as the sound it judges: half a sample's offset would make a hiss unlike itself. */
const PRESENCE_HZ = 16_000;
const MIN_REFERENCE_MS = 500;
const MAX_TOGETHER_MS = 8 * 60_000; // keeps the transforms within about 100 MB
const DEFAULT_THRESHOLD = 40; // between 15 (other text, noise) and 95 (one second out of twelve), measured
const MATCH_COVERAGE = 0.5;
const CANDIDATE_FROM = 0.5; // of the threshold: fragments stand out less than the whole
const MAX_CANDIDATES = 48;
const SPACING_MS = 2;

/**
 * Tells whether `recording` contains the approved sound `reference`, when it began and how much of it is there.
 * Gain, fades, dither and silence around it do not disturb. Both are mono at `sampleRateHz` (8000 or more).
 * Blocks while it works, about 0.7 s and 50 MB for 30 s of sound: keep it off the thread that plays.
 * @throws {MediaError} media/too-short-to-match for a reference under half a second, or one that is silent;
 *   media/too-long when both together exceed 8 minutes.
 */
export function matchRecording({
  recording,
  reference,
  sampleRateHz,
  threshold = DEFAULT_THRESHOLD,
}: {
  readonly recording: Samples;
  readonly reference: Samples;
  readonly sampleRateHz: number;
  readonly threshold?: number;
}): RecordingMatch {
  checkLengths(recording.length, reference.length, sampleRateHz);
  const heard = resample(recording, sampleRateHz, DETECTION_HZ);
  const approved = resample(reference, sampleRateHz, DETECTION_HZ);
  const correlation = whitenedCorrelation(heard, approved);
  const peaks = findPeaks(correlation, {
    minStrength: threshold * CANDIDATE_FROM,
    spacing: (SPACING_MS * DETECTION_HZ) / 1000,
    limit: MAX_CANDIDATES,
  }).map(({ lag, strength }) => ({ lag: (lag * PRESENCE_HZ) / DETECTION_HZ, strength }));
  const finer = (sound: Float32Array) => resample(sound, DETECTION_HZ, PRESENCE_HZ);
  const windows = audibleWindows(finer(approved), PRESENCE_HZ);
  if (windows.length === 0)
    throw new MediaError('a silent sound cannot be recognised', { code: 'media/too-short-to-match' });
  const rough = findOccurrences(preEmphasis(finer(heard)), preEmphasis(finer(approved)), windows, peaks);
  const fine = { recording: toFloat(recording), reference: toFloat(reference), sampleRateHz };
  const refined = new Map(rough.map((occurrence) => [occurrence, refine(occurrence, windows, fine)]));
  const opening = findOpening(rough);
  const strength = correlation.highest;
  const coverage =
    new Set(rough.flatMap(({ present }) => present.map(({ from }) => from))).size / windows.length;
  return {
    matched: strength >= threshold && coverage >= MATCH_COVERAGE,
    beganAtSample: opening && refined.get(opening)?.beganAtSample,
    strength,
    threshold,
    coverage,
    occurrences: [...refined.values()],
  };
}

/**
 * Returns where the sound began: its fullest occurrence (the first of several), or an earlier one that holds what this
 * one lacks. A mere fragment before it, such as the chime of another bulletin, is no beginning.
 */
function findOpening(inOrder: readonly RoughOccurrence[]): RoughOccurrence | undefined {
  const most = Math.max(0, ...inOrder.map(({ present }) => present.length));
  const main = inOrder.find(({ present }) => present.length >= most / 2);
  if (!main) return undefined;
  const held = new Set(main.present.map(({ from }) => from));
  const lackedByMain = ({ present }: RoughOccurrence) => present.every(({ from }) => !held.has(from));
  return inOrder.slice(0, inOrder.indexOf(main)).find(lackedByMain) ?? main;
}

/** Brings an occurrence from the rate of judgement to that of the recording, to the sample. */
function refine(
  { lag, strength, present }: RoughOccurrence,
  audible: readonly Window[],
  {
    recording,
    reference,
    sampleRateHz,
  }: { recording: Float32Array; reference: Float32Array; sampleRateHz: number },
): Occurrence {
  const ratio = sampleRateHz / PRESENCE_HZ;
  const scale = ({ from, length }: Window) => ({
    from: Math.round(from * ratio),
    length: Math.round(length * ratio),
  });
  // The first stretches alone: a sound card that drifts has moved the later ones away from the beginning.
  const shifts = present.slice(0, 5).map((window) => {
    const coarse = Math.round((window.foundAt - window.from) * ratio);
    return { coarse, ...bestShift(recording, reference, scale(window), coarse, Math.ceil(2 * ratio)) };
  });
  const surest = shifts.sort((a, b) => b.likeness - a.likeness)[0];
  const shift = surest?.shift ?? 0;
  const beganAtSample = (surest?.coarse ?? Math.round(lag * ratio)) + shift;
  const segments: MatchSegment[] = [];
  let lastIndex = Number.NaN;
  for (const window of present) {
    const { from, length } = scale(window);
    const index = audible.findIndex((one) => one.from === window.from);
    const last = segments.at(-1);
    if (last && index === lastIndex + 1)
      segments[segments.length - 1] = { ...last, length: from + length - last.referenceFrom };
    else
      segments.push({
        recordingFrom: Math.round(window.foundAt * ratio) + shift,
        referenceFrom: from,
        length,
      });
    lastIndex = index;
  }
  return { beganAtSample, strength, coverage: present.length / audible.length, segments };
}

function checkLengths(recording: number, reference: number, sampleRateHz: number): void {
  const ms = (samples: number) => (samples * 1000) / sampleRateHz;
  if (ms(reference) < MIN_REFERENCE_MS)
    throw new MediaError(`a sound must last ${MIN_REFERENCE_MS / 1000} s to be recognised`, {
      code: 'media/too-short-to-match',
      details: { referenceMs: ms(reference) },
    });
  if (ms(recording) + ms(reference) > MAX_TOGETHER_MS)
    throw new MediaError(
      `recording and sound together may last ${MAX_TOGETHER_MS / 60_000} minutes to be compared`,
      {
        code: 'media/too-long',
        details: { recordingMs: ms(recording), referenceMs: ms(reference) },
      },
    );
}
