/** Numbers with a real and an imaginary part, as two arrays of one length that is a power of two. */
export interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Returns the least power of two that is at least `length`. */
export function fftSize(length: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(2, length)));
}

/** Replaces `data` by its discrete Fourier transform (radix 2, in place). */
export function fft({ re, im }: Complex): void {
  const size = re.length;
  reorder(re, im);
  const cos = new Float64Array(size / 2);
  const sin = new Float64Array(size / 2);
  for (let i = 0; i < size / 2; i++) {
    cos[i] = Math.cos((2 * Math.PI * i) / size);
    sin[i] = -Math.sin((2 * Math.PI * i) / size);
  }
  for (let half = 1; half < size; half *= 2) {
    const stride = size / (2 * half);
    for (let begin = 0; begin < size; begin += 2 * half)
      for (let k = 0, a = begin, b = begin + half; k < half; k++, a++, b++) {
        const wr = cos[k * stride] as number; // indexes are in range by construction; this is the hot loop
        const wi = sin[k * stride] as number;
        const br = re[b] as number;
        const bi = im[b] as number;
        const xr = wr * br - wi * bi;
        const xi = wr * bi + wi * br;
        const ar = re[a] as number;
        const ai = im[a] as number;
        re[b] = ar - xr;
        im[b] = ai - xi;
        re[a] = ar + xr;
        im[a] = ai + xi;
      }
  }
}

/** Puts element i where i's bits, read backwards, point to. */
function reorder(re: Float64Array, im: Float64Array): void {
  for (let i = 1, j = 0; i < re.length; i++) {
    let bit = re.length >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j] ?? 0, re[i] ?? 0];
      [im[i], im[j]] = [im[j] ?? 0, im[i] ?? 0];
    }
  }
}
