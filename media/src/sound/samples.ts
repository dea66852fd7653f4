/** Mono sound: 16-bit integers, or floats where ±1 is full scale. */
export type Samples = Int16Array | Float32Array;

/** Returns the samples as floats, ±1 full scale; the same array when they are floats already. */
export function toFloat(samples: Samples): Float32Array {
  if (samples instanceof Float32Array) return samples;
  const floats = new Float32Array(samples.length); // a loop: `from` would gather minutes of sound in a list first
  for (let i = 0; i < floats.length; i++) floats[i] = (samples[i] ?? 0) / 32_768;
  return floats;
}

/** Returns the samples as 16-bit integers, rounded and clipped; the same array when they are integers already. */
export function toInt16(samples: Samples): Int16Array {
  if (samples instanceof Int16Array) return samples;
  const integers = new Int16Array(samples.length);
  for (let i = 0; i < integers.length; i++)
    integers[i] = Math.max(-32_768, Math.min(32_767, Math.round((samples[i] ?? 0) * 32_768)));
  return integers;
}
