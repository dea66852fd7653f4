/** One figure, as it is printed: one JSON object a line. */
export interface Result {
  readonly bench: string;
  readonly case: string;
  readonly value: number;
  readonly unit: 's' | 'ms' | 'MB' | 'bytes';
  /** The most that is allowed. */
  readonly target: number;
  readonly met: boolean;
  /** What the same run measured of something comparable: a floor of this machine, or the plain way. */
  readonly peer?: string;
  readonly peerValue?: number;
  /** `value / peerValue`. */
  readonly ratio?: number;
}

/** A named measurement. It tells its progress through `say`, and gives each result as soon as it has it. */
export type Bench = (world: {
  readonly folder: string;
  readonly say: (text: string) => void;
  readonly give: (result: Omit<Result, 'bench' | 'met' | 'ratio'>) => void;
}) => Promise<void>;

/** Returns the least value that `share` (0..1) of the values do not exceed; not a number for none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Returns what is printed of a result. */
export function toLine(
  bench: string,
  { peerValue, ...result }: Omit<Result, 'bench' | 'met' | 'ratio'>,
): string {
  const line: Result = {
    bench,
    ...result,
    value: rounded(result.value),
    met: result.value <= result.target,
    ...(peerValue === undefined
      ? {}
      : { peerValue: rounded(peerValue), ratio: rounded(result.value / peerValue) }),
  };
  return JSON.stringify(line);
}

const rounded = (value: number) => Math.round(value * 1000) / 1000;
