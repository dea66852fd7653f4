import type { Loudness } from './loudness.ts';

/** The settings that the search turns. */
export interface Levels {
  readonly gainDb: number;
  /** The limiter's ceiling on samples, below the true peak wanted: Opus overshoots it by up to 2.2 dB (measured). */
  readonly ceilingDb: number;
}

/** What the encoded file must come to. */
export const TARGET = {
  loudnessLufs: -16,
  /** The search goes on until it is this near… */
  aimLu: 0.3,
  /** …and takes what is this near when it can come no nearer. */
  acceptLu: 0.5,
  truePeakDbtp: -1,
} as const;

const FIRST_CEILING_DB = -3.2; // alimiter=limit=0.69
const CODEC_LOSS_DB = 0.4; // what Opus at 24 kbit/s was seen to take away
const MAX_GAIN_DB = 40; // beyond this only noise would be made loud
const MAX_PASSES = 8;

/** One encoding, its settings and what was measured on it. */
type Pass<T> = Levels & Loudness & { readonly result: T };

/** How the search ended. */
export type GainSearch<T> =
  | { readonly kind: 'found'; readonly pass: Pass<T>; readonly passes: number }
  | { readonly kind: 'unreachable'; readonly nearest: Pass<T>; readonly passes: number };

/**
 * Turns the gain until the *encoded* sound has the wanted loudness, and lowers the limiter while its true peak is
 * too high. `sourceLufs` is the loudness before gain; `encode` makes and measures one version.
 */
export async function searchGain<T>(
  sourceLufs: number,
  encode: (levels: Levels) => Promise<Loudness & { readonly result: T }>,
): Promise<GainSearch<T>> {
  const capGain = (gainDb: number) => Math.round(Math.min(MAX_GAIN_DB, gainDb) * 100) / 100;
  const passes: Pass<T>[] = [];
  let levels: Levels = {
    gainDb: capGain(TARGET.loudnessLufs - sourceLufs + CODEC_LOSS_DB),
    ceilingDb: FIRST_CEILING_DB,
  };
  let slope = 1; // LU gained per dB of gain; below 1 once the limiter works
  while (passes.length < MAX_PASSES) {
    const last = passes.at(-1);
    const pass: Pass<T> = { ...levels, ...(await encode(levels)) };
    passes.push(pass);
    const errorLu = pass.loudnessLufs - TARGET.loudnessLufs;
    const excessDb = pass.truePeakDbtp - TARGET.truePeakDbtp;
    if (Math.abs(errorLu) <= TARGET.aimLu && excessDb <= 0)
      return { kind: 'found', pass, passes: passes.length };
    if (last && last.ceilingDb === pass.ceilingDb && last.gainDb !== pass.gainDb)
      slope = clamp((pass.loudnessLufs - last.loudnessLufs) / (pass.gainDb - last.gainDb), 0.15, 1);
    levels = {
      gainDb: capGain(pass.gainDb - clamp(errorLu / slope, -12, 12)),
      ceilingDb: excessDb > 0 ? pass.ceilingDb - excessDb - 0.2 : pass.ceilingDb,
    };
    if (levels.gainDb === pass.gainDb && levels.ceilingDb === pass.ceilingDb) break; // at the gain's limit
  }
  const [nearest] = passes
    .filter(({ truePeakDbtp }) => truePeakDbtp <= TARGET.truePeakDbtp)
    .sort((a, b) => distance(a) - distance(b))
    .concat(passes);
  if (!nearest) throw new RangeError('MAX_PASSES must be at least 1');
  const isNear = distance(nearest) <= TARGET.acceptLu && nearest.truePeakDbtp <= TARGET.truePeakDbtp;
  return isNear
    ? { kind: 'found', pass: nearest, passes: passes.length }
    : { kind: 'unreachable', nearest, passes: passes.length };
}

function distance({ loudnessLufs }: Loudness): number {
  return Math.abs(loudnessLufs - TARGET.loudnessLufs);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
