/** Numbers that a box had to throw away unsent, both inclusive. */
export interface LostSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * Returns up to where a journal is complete: everything after `ackedTo` is there or declared lost, without a gap.
 * @param seqs the numbers that are there after `ackedTo`, ascending.
 */
export function contiguousTo(
  ackedTo: number,
  seqs: readonly number[],
  lost: readonly LostSpan[] = [],
): number {
  let position = ackedTo;
  const skipLost = () => {
    for (let span = spanAt(position + 1); span; span = spanAt(position + 1)) position = span.to;
  };
  const spanAt = (seq: number) => lost.find(({ from, to }) => from <= seq && seq <= to);
  skipLost();
  for (const seq of seqs) {
    if (seq <= position) continue;
    if (seq !== position + 1) break;
    position = seq;
    skipLost();
  }
  return position;
}
