import type { Correlation } from './whitened-correlation.ts';

/** A lag at which the correlation stands out. */
export interface Peak {
  readonly lag: number;
  /** Height over the RMS of all lags. */
  readonly strength: number;
}

/** Returns the highest local peaks from `minStrength` up, strongest first, at least `spacing` samples apart. */
export function findPeaks(
  correlation: Correlation,
  {
    minStrength,
    spacing,
    limit,
  }: { readonly minStrength: number; readonly spacing: number; readonly limit: number },
): Peak[] {
  const peaks: Peak[] = [];
  for (let lag = correlation.minLag; lag <= correlation.maxLag; lag++) {
    const strength = correlation.at(lag);
    if (strength >= minStrength && strength >= correlation.at(lag - 1) && strength > correlation.at(lag + 1))
      peaks.push({ lag, strength });
  }
  const apart: Peak[] = [];
  for (const peak of peaks.sort((a, b) => b.strength - a.strength)) {
    if (apart.length === limit) break;
    if (apart.every(({ lag }) => Math.abs(lag - peak.lag) >= spacing)) apart.push(peak);
  }
  return apart;
}
