import { resample } from './resample.ts';
import type { Samples } from './samples.ts';

/** A piece of a bulletin: sound at any rate, or silence. */
export type SoundPiece =
  | { readonly kind: 'sound'; readonly samples: Samples; readonly sampleRateHz: number }
  | { readonly kind: 'pause'; readonly durationMs: number };

/** Returns the pieces one after another, mono at `sampleRateHz`. */
export function joinSound(pieces: readonly SoundPiece[], sampleRateHz: number): Float32Array {
  const rendered = pieces.map((piece) =>
    piece.kind === 'sound'
      ? resample(piece.samples, piece.sampleRateHz, sampleRateHz)
      : new Float32Array(Math.round((piece.durationMs * sampleRateHz) / 1000)),
  );
  const joined = new Float32Array(rendered.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const piece of rendered) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
