/** A factor that moves in a straight line, sample by sample, so that nothing clicks. */
export interface Ramp {
  /** Returns the factor for the next sample. */
  next(): number;
  /** Begins to move to `target`, there after `samples` samples (0: with the next one). */
  moveTo(target: number, samples: number): void;
  /** True when it stands at zero for good. */
  isSilent(): boolean;
}

/** Creates a ramp that stands at `value`. */
export function createRamp(value: number): Ramp {
  let at = value;
  let goal = value;
  let step = 0;
  let left = 0;
  return {
    next() {
      if (left > 0) at = --left === 0 ? goal : at + step;
      return at;
    },
    moveTo(target, samples) {
      goal = target;
      left = Math.max(1, Math.round(samples));
      step = (goal - at) / left;
    },
    isSilent: () => left === 0 && at === 0,
  };
}
