import { fft, fftSize } from './fft.ts';

/** How far the spectrum is flattened: 0 leaves it, 1 keeps only phases, which lifts noise. */
const WHITENING = 0.75;

/** A partially whitened cross-correlation. `at(lag)` is high where the reference begins at `lag`. */
export interface Correlation {
  /** Value at a lag in samples, in multiples of the correlation's own RMS. Lags may be negative. */
  at(lag: number): number;
  readonly minLag: number;
  readonly maxLag: number;
  /** The highest value at any lag. */
  readonly highest: number;
}

/** Correlates two mono sounds of one rate; peaks stand out by their height over the RMS of all lags. */
export function whitenedCorrelation(recording: Float32Array, reference: Float32Array): Correlation {
  const size = fftSize(recording.length + reference.length);
  // Two real signals share one complex transform: one in the real part, one in the imaginary.
  const data = { re: new Float64Array(size), im: new Float64Array(size) };
  fill(data.re, recording);
  fill(data.im, reference);
  fft(data);
  const { re, im } = data;
  for (let k = 0, m = 0; k <= size / 2; k++, m = size - k) {
    // X = (Z[k] + conj Z[-k]) / 2 is the recording, Y = (Z[k] - conj Z[-k]) / 2i the reference
    const [zr, zi, mr, mi] = [re[k] ?? 0, im[k] ?? 0, re[m] ?? 0, im[m] ?? 0];
    const [xr, xi, yr, yi] = [(zr + mr) / 2, (zi - mi) / 2, (zi + mi) / 2, (mr - zr) / 2];
    const cr = xr * yr + xi * yi;
    const ci = xi * yr - xr * yi;
    const weight = (Math.hypot(cr, ci) + 1e-9) ** -WHITENING;
    // The cross-spectrum C is turned into conj C here, so that a forward transform does the work of the inverse.
    re[k] = cr * weight;
    im[k] = -ci * weight;
    re[m] = cr * weight;
    im[m] = ci * weight;
  }
  fft(data);
  const lags = recording.length + reference.length - 1;
  const minLag = 1 - reference.length;
  let power = 0;
  let highest = 0;
  for (let lag = minLag; lag < recording.length; lag++) {
    const value = re[lag < 0 ? lag + size : lag] ?? 0;
    power += value * value;
    highest = Math.max(highest, value);
  }
  const isSilent = recording.every((sample) => sample === 0) || reference.every((sample) => sample === 0);
  const rms = isSilent ? Number.POSITIVE_INFINITY : Math.sqrt(power / lags); // else rounding noise would stand out
  return {
    at: (lag) => (re[lag < 0 ? lag + size : lag] ?? 0) / rms,
    minLag,
    maxLag: recording.length - 1,
    highest: highest / rms,
  };
}

/** Copies the sound at unit RMS, so that neither signal leaks into the other's half of the transform. */
function fill(target: Float64Array, sound: Float32Array): void {
  let power = 0;
  for (const sample of sound) power += sample * sample;
  const scale = power > 0 ? Math.sqrt(sound.length / power) : 0;
  for (let i = 0; i < sound.length; i++) target[i] = (sound[i] ?? 0) * scale;
}
