import type { Samples } from './samples.ts';
import { toFloat } from './samples.ts';

const ZERO_CROSSINGS = 16; // on each side; about -80 dB outside the band
const PHASES = 256; // how finely the filter is tabulated for rates without a small common ratio

/** Returns the sound at another sample rate, as floats, free of aliases. Sample 0 stays sample 0. */
export function resample(samples: Samples, fromHz: number, toHz: number): Float32Array {
  const input = toFloat(samples);
  if (fromHz === toHz) return input;
  const step = fromHz / toHz;
  const cutoff = Math.min(1, toHz / fromHz) * 0.92; // leaves room for the filter's slope
  const reach = Math.ceil(ZERO_CROSSINGS / cutoff);
  const phases = Number.isInteger(step) ? 1 : PHASES;
  const table = Array.from({ length: phases }, (_, phase) => kernelAt(phase / phases, cutoff, reach));
  const output = new Float32Array(Math.floor(((input.length - 1) * toHz) / fromHz) + 1);
  for (let i = 0; i < output.length; i++) {
    const at = i * step;
    let whole = Math.floor(at);
    let phase = Math.round((at - whole) * phases);
    if (phase === phases) {
      phase = 0;
      whole++;
    }
    const kernel = table[phase] ?? new Float32Array();
    const first = whole - reach + 1;
    const from = Math.max(0, -first);
    const to = Math.min(kernel.length, input.length - first);
    let sum = 0;
    for (let k = from; k < to; k++) sum += (kernel[k] ?? 0) * (input[first + k] ?? 0);
    output[i] = sum;
  }
  return output;
}

/** A windowed sinc for a point `fraction` of a sample after tap `reach - 1`, with a gain of exactly 1. */
function kernelAt(fraction: number, cutoff: number, reach: number): Float32Array {
  const kernel = new Float32Array(2 * reach);
  let total = 0;
  for (let k = 0; k < kernel.length; k++) {
    const x = k - (reach - 1) - fraction;
    const window =
      Math.abs(x) >= reach
        ? 0
        : 0.42 + 0.5 * Math.cos((Math.PI * x) / reach) + 0.08 * Math.cos((2 * Math.PI * x) / reach);
    const value = window * (x === 0 ? cutoff : Math.sin(Math.PI * cutoff * x) / (Math.PI * x));
    kernel[k] = value;
    total += value;
  }
  return kernel.map((value) => value / total);
}
