/** A mean angle of a lunation in degrees: a constant, its growth per lunation, and per century squared and cubed. */
type Angle = readonly [start: number, growth: number, square: number, cube: number];

// All figures of this file: J. Meeus, Astronomical Algorithms, 2nd edition, chapter 49.
const SUN: Angle = [2.5534, 29.1053567, -0.0000014, -0.00000011];
const MOON: Angle = [201.5643, 385.81693528, 0.0107582, 0.00001238];
const LATITUDE: Angle = [160.7108, 390.67050284, -0.0016118, -0.00000227];
const NODE: Angle = [124.7746, -1.56375588, 0.0020672, 0.00000215];

/** Days to add: amplitude, power of the eccentricity factor, multiples of the angles sun, moon, latitude, node. */
const PERIODIC = [
  [-0.4072, 0, 0, 1, 0, 0],
  [0.17241, 1, 1, 0, 0, 0],
  [0.01608, 0, 0, 2, 0, 0],
  [0.01039, 0, 0, 0, 2, 0],
  [0.00739, 1, -1, 1, 0, 0],
  [-0.00514, 1, 1, 1, 0, 0],
  [0.00208, 2, 2, 0, 0, 0],
  [-0.00111, 0, 0, 1, -2, 0],
  [-0.00057, 0, 0, 1, 2, 0],
  [0.00056, 1, 1, 2, 0, 0],
  [-0.00042, 0, 0, 3, 0, 0],
  [0.00042, 1, 1, 0, 2, 0],
  [0.00038, 1, 1, 0, -2, 0],
  [-0.00024, 1, -1, 2, 0, 0],
  [-0.00017, 0, 0, 0, 0, 1],
  [-0.00007, 0, 2, 1, 0, 0],
  [0.00004, 0, 0, 2, -2, 0],
  [0.00004, 0, 3, 0, 0, 0],
  [0.00003, 0, 1, 1, -2, 0],
  [0.00003, 0, 0, 2, 2, 0],
  [-0.00003, 0, 1, 1, 2, 0],
  [0.00003, 0, -1, 1, 2, 0],
  [-0.00002, 0, -1, 1, -2, 0],
  [-0.00002, 0, 1, 3, 0, 0],
  [0.00002, 0, 0, 4, 0, 0],
] as const;

/** Days to add for the planets: amplitude, angle, its growth per lunation. */
const PLANETARY = [
  [0.000325, 299.77, 0.107408],
  [0.000165, 251.88, 0.016321],
  [0.000164, 251.83, 26.651886],
  [0.000126, 349.42, 36.412478],
  [0.00011, 84.66, 18.206239],
  [0.000062, 141.74, 53.303771],
  [0.00006, 207.14, 2.453732],
  [0.000056, 154.84, 7.30686],
  [0.000047, 34.52, 27.261239],
  [0.000042, 207.19, 0.121824],
  [0.00004, 291.34, 1.844379],
  [0.000037, 161.72, 24.198154],
  [0.000035, 239.56, 25.513099],
  [0.000023, 331.55, 3.592518],
] as const;

/** Lunation 0 is the new moon of 2000-01-06. */
export const MEAN_LUNATION_DAYS = 29.530588861;

/** Returns the Julian day, in dynamical time, of the new moon of a lunation; good to seconds near our time. */
export function newMoonAt(lunation: number): number {
  const centuries = lunation / 1236.85;
  const angle = ([start, growth, square, cube]: Angle) =>
    start + growth * lunation + square * centuries ** 2 + cube * centuries ** 3;
  const [sun, moon, latitude, node] = [angle(SUN), angle(MOON), angle(LATITUDE), angle(NODE)];
  const eccentricity = 1 - 0.002516 * centuries - 0.0000074 * centuries ** 2;
  let day = 2451550.09766 + MEAN_LUNATION_DAYS * lunation + 0.00015437 * centuries ** 2;
  for (const [days, power, suns, moons, latitudes, nodes] of PERIODIC)
    day +=
      days * eccentricity ** power * sine(suns * sun + moons * moon + latitudes * latitude + nodes * node);
  for (const [days, start, growth] of PLANETARY) day += days * sine(start + growth * lunation);
  return day;
}

/** Returns the sine of an angle in degrees. */
export function sine(degrees: number): number {
  return Math.sin((degrees * Math.PI) / 180);
}
