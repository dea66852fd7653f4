import { lunationOn, newMoonDay, sunSector } from './sky.ts';

/** A month of the Vietnamese calendar (âm lịch). */
export interface LunarMonth {
  /** The year it belongs to, named by the solar year in which its Tết falls. */
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** The second of two months with one number (tháng nhuận). */
  readonly isLeap: boolean;
  /** The solar date of its first day, `YYYY-MM-DD`. */
  readonly firstDate: string;
  /** 29 or 30. */
  readonly length: number;
}

/** A day of the Vietnamese calendar. */
export interface LunarDate {
  readonly year: number;
  readonly month: number;
  readonly isLeap: boolean;
  /** 1 to 30. */
  readonly day: number;
}

/** Returns the lunar date of a solar date `YYYY-MM-DD`. */
export function lunarDateOf(date: string): LunarDate {
  const day = dayNumber(date);
  const lunation = lunationOn(day);
  const { year, month, isLeap } = monthOf(lunation);
  return { year, month, isLeap, day: day - newMoonDay(lunation) + 1 };
}

/** Returns the lunar months that touch the solar dates from `firstDate` to `lastDate`, both inclusive, in order. */
export function lunarMonthsBetween(firstDate: string, lastDate: string): readonly LunarMonth[] {
  const last = lunationOn(dayNumber(lastDate));
  const months: LunarMonth[] = [];
  for (let lunation = lunationOn(dayNumber(firstDate)); lunation <= last; lunation += 1)
    months.push(monthOf(lunation));
  return months;
}

/** Returns the month that begins with the new moon of a lunation. */
function monthOf(lunation: number): LunarMonth {
  const firstDay = newMoonDay(lunation);
  const length = newMoonDay(lunation + 1) - firstDay;
  const firstDate = dateOf(firstDay);
  const solarYear = Number(firstDate.slice(0, 4));
  const solsticeYear = lunation < eleventhMonth(solarYear) ? solarYear - 1 : solarYear;
  const start = eleventhMonth(solsticeYear);
  const leapAt = leapBetween(start, eleventhMonth(solsticeYear + 1));
  const steps = lunation - start;
  const number = 11 + steps - (leapAt !== undefined && lunation >= leapAt ? 1 : 0);
  return {
    year: number > 12 ? solsticeYear + 1 : solsticeYear,
    month: number > 12 ? number - 12 : number,
    isLeap: lunation === leapAt,
    firstDate,
    length,
  };
}

/** The eleventh month is the one in which the winter solstice of a solar year falls. */
function eleventhMonth(solarYear: number): number {
  const lunation = lunationOn(dayNumber(`${solarYear}-12-31`));
  return sunSector(newMoonDay(lunation)) >= 9 ? lunation - 1 : lunation;
}

/** Of thirteen months from one solstice to the next, the leap month is the first in which the sun enters no new sector. */
function leapBetween(start: number, next: number): number | undefined {
  if (next - start < 13) return undefined;
  let lunation = start + 1;
  while (sunSector(newMoonDay(lunation)) !== sunSector(newMoonDay(lunation + 1))) lunation += 1;
  return lunation;
}

const DAY_MS = 86_400_000;

function dayNumber(date: string): number {
  return Temporal.PlainDate.from(date).toZonedDateTime('UTC').epochMilliseconds / DAY_MS;
}

function dateOf(day: number): string {
  return Temporal.Instant.fromEpochMilliseconds(day * DAY_MS)
    .toString()
    .slice(0, 10);
}
