import { MEAN_LUNATION_DAYS, newMoonAt, sine } from './new-moon.ts';

/** Julian day of 1970-01-01T00:00Z. */
const UNIX_EPOCH_JD = 2440587.5;
/** The Vietnamese calendar counts its days at UTC+7, whatever zone a series is in; the Chinese one at UTC+8, hence 1985, 2007 and 2030. */
const VIET_NAM_DAYS = 7 / 24;
/** Julian day of the year 2000 at noon, dynamical time. */
const J2000 = 2451545;

/** Returns the day (since 1970-01-01, at UTC+7) on which the moon of a lunation is new. */
export function newMoonDay(lunation: number): number {
  const jde = newMoonAt(lunation);
  return Math.floor(jde - clockLagDays(jde) - UNIX_EPOCH_JD + VIET_NAM_DAYS);
}

/** Returns the lunation whose new moon falls on a day or was the last before it. */
export function lunationOn(day: number): number {
  let lunation = Math.ceil((day + UNIX_EPOCH_JD - J2000) / MEAN_LUNATION_DAYS) + 1; // a little too late, whatever the day
  while (newMoonDay(lunation) > day) lunation -= 1;
  return lunation;
}

/** Returns which twelfth of its yearly way the sun is in as a day begins at UTC+7: 0 from the spring equinox, 9 from the winter solstice. */
export function sunSector(day: number): number {
  const jd = day + UNIX_EPOCH_JD - VIET_NAM_DAYS;
  return Math.floor(sunLongitude(jd + clockLagDays(jd)) / 30);
}

/** Apparent longitude of the sun in degrees, 0 to 360, good to 0.01 degrees (Meeus, chapter 25). */
function sunLongitude(jde: number): number {
  const centuries = (jde - J2000) / 36525;
  const mean = 280.46646 + 36000.76983 * centuries + 0.0003032 * centuries ** 2;
  const anomaly = 357.52911 + 35999.05029 * centuries - 0.0001537 * centuries ** 2;
  const centre =
    (1.914602 - 0.004817 * centuries) * sine(anomaly) +
    (0.019993 - 0.000101 * centuries) * sine(2 * anomaly) +
    0.000289 * sine(3 * anomaly);
  const longitude = mean + centre - 0.00569 - 0.00478 * sine(125.04 - 1934.136 * centuries);
  return longitude - 360 * Math.floor(longitude / 360);
}

/** How far the turning earth lags behind dynamical time (Espenak and Meeus, 2005 to 2050; near enough from 1970 on, since a minute decides no date there). */
function clockLagDays(jd: number): number {
  const years = (jd - J2000) / 365.25;
  return (62.92 + 0.32217 * years + 0.005589 * years ** 2) / 86_400;
}
