/** Mono sound: 16-bit integers, or floats where ±1 is full scale. */
export type Samples = Int16Array | Float32Array;

/** Returns the samples as floats, ±1 full scale; the same array when they are floats already. */
export function toFloat(samples: Samples): Float32Array {
  return samples instanceof Float32Array ? samples : Float32Array.from(samples, (sample) => sample / 32_768);
}

/** Returns the samples as 16-bit integers, rounded and clipped; the same array when they are integers already. */
export function toInt16(samples: Samples): Int16Array {
  if (samples instanceof Int16Array) return samples;
  return Int16Array.from(samples, (sample) =>
    Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768))),
  );
}
