import { SAMPLES_PER_MS } from '../sink/sink.ts';
import type { Clip } from './clip.ts';
import { createLevelMeter, factorOfDb, type Level } from './mixer-level.ts';
import { createRamp } from './mixer-ramp.ts';

/** A clip in the mix. Positions count the sink's samples. */
export interface Voice {
  /** Where its first sample stands. */
  readonly firstIndex: number;
  /** Where the silence after it begins; `undefined` while it goes on. */
  endIndex(): number | undefined;
  /** How many samples of the clip were mixed. */
  taken(): number;
  /** How much silence came between, because decoding or feeding was late. */
  gapSamples(): number;
  /** How loud it went out. */
  level(): Level;
  /** Goes down to silence within `fadeMs` and ends. */
  fadeOut(fadeMs: number): void;
}

/** Adds clips up, each from its sample on. */
export interface Mixer {
  /**
   * Puts a clip into the mix from sample `firstIndex` on, which must not have been mixed yet. Once it has begun it goes
   * on without a hole: after a gap it continues where it was, as a card that ran dry does.
   */
  add(
    clip: Clip,
    options: { readonly firstIndex: number; readonly gainDb: number; readonly fadeInMs: number },
  ): Voice;
  /** Fills `samples`, which stand at `firstIndex`; full scale is never exceeded. */
  mix(samples: Int16Array, firstIndex: number): void;
  /** Drops all voices. */
  clear(): void;
}

interface MixedVoice extends Voice {
  mixInto(sum: Float32Array, firstIndex: number): void;
  skip(samples: number): void;
}

/** Creates an empty mixer. */
export function createMixer(): Mixer {
  const voices = new Set<MixedVoice>();
  let nextIndex: number | undefined;
  let sum = new Float32Array();
  return {
    add(clip, options) {
      const voice = createVoice(clip, options);
      voices.add(voice);
      return voice;
    },
    mix(samples, firstIndex) {
      if (voices.size === 0) samples.fill(0);
      else {
        if (sum.length !== samples.length) sum = new Float32Array(samples.length);
        sum.fill(0);
        for (const voice of voices) {
          if (nextIndex !== undefined && firstIndex > nextIndex) voice.skip(firstIndex - nextIndex);
          voice.mixInto(sum, firstIndex);
          if (voice.endIndex() !== undefined) voices.delete(voice);
        }
        for (let i = 0; i < samples.length; i++) samples[i] = clamp(sum[i] ?? 0);
      }
      nextIndex = firstIndex + samples.length;
    },
    clear: () => voices.clear(),
  };
}

function createVoice(clip: Clip, { firstIndex, gainDb, fadeInMs }: Parameters<Mixer['add']>[1]): MixedVoice {
  const factor = factorOfDb(gainDb);
  const ramp = createRamp(fadeInMs > 0 ? 0 : 1);
  if (fadeInMs > 0) ramp.moveTo(1, fadeInMs * SAMPLES_PER_MS);
  const meter = createLevelMeter();
  let piece = new Int16Array();
  let fadeLeft = Number.POSITIVE_INFINITY;
  let taken = 0;
  let gapSamples = 0;
  let holeSamples = 0; // silence that is a gap only if something follows
  let lastIndex = firstIndex; // behind the last sample mixed
  let endIndex: number | undefined;
  return {
    firstIndex,
    endIndex: () => endIndex,
    taken: () => taken,
    gapSamples: () => gapSamples,
    level: meter.level,
    fadeOut(fadeMs) {
      fadeLeft = Math.round(fadeMs * SAMPLES_PER_MS);
      ramp.moveTo(0, fadeLeft);
    },
    skip(samples) {
      holeSamples += samples;
    },
    mixInto(sum, index) {
      const offset = Math.max(0, firstIndex - index);
      if (offset >= sum.length) return;
      const room = Math.min(sum.length - offset, fadeLeft);
      if (piece.length !== room) piece = new Int16Array(room);
      const got = clip.take(piece);
      for (let i = 0; i < got; i++) {
        const sample = clamp((piece[i] ?? 0) * ramp.next() * factor);
        meter.add(sample);
        sum[offset + i] = (sum[offset + i] ?? 0) + sample;
      }
      if (got > 0) {
        gapSamples += holeSamples;
        holeSamples = 0;
        taken += got;
        lastIndex = index + offset + got;
      }
      holeSamples += room - got;
      const isFading = Number.isFinite(fadeLeft);
      fadeLeft -= got;
      if (clip.isOver() || (isFading && (fadeLeft <= 0 || got < room))) endIndex = lastIndex;
    },
  };
}

function clamp(sample: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(sample)));
}
