const FULL_SCALE = 32_768;

/** How loud something was, in dB below full scale; `null` when nothing but silence was measured. */
export interface Level {
  readonly peakDbfs: number | null;
  readonly rmsDbfs: number | null;
}

/** Measures what passes. */
export interface LevelMeter {
  /** Takes one sample in 16-bit units. */
  add(sample: number): void;
  level(): Level;
}

/** Creates a meter that has seen nothing. */
export function createLevelMeter(): LevelMeter {
  let peak = 0;
  let squares = 0;
  let count = 0;
  const dbfs = (value: number) => (value > 0 ? 20 * Math.log10(value / FULL_SCALE) : null);
  return {
    add(sample) {
      peak = Math.max(peak, Math.abs(sample));
      squares += sample * sample;
      count++;
    },
    level: () => ({ peakDbfs: dbfs(peak), rmsDbfs: dbfs(Math.sqrt(squares / Math.max(1, count))) }),
  };
}

/** Returns the factor of a gain: 0 dB is 1, −6.02 dB is a half. */
export function factorOfDb(gainDb: number): number {
  return 10 ** (gainDb / 20);
}
