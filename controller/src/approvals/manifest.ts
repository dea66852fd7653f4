import { createHash } from 'node:crypto';
import type { Sha256 } from '@loa/kernel';
import type { BroadcastClass, PolicyWindow } from '@loa/schedules';

/** One rendered language, exactly as it was heard. */
export interface ManifestVariant {
  readonly language: string;
  /** Hashes in the order in which they sound. */
  readonly sounds: readonly string[];
  readonly spokenText: string;
  readonly durationMs: number;
}

/** What an approval lets sound, and no more (P2): changing or widening any of it asks for another approval. */
export interface Manifest {
  readonly bulletinId: string;
  readonly version: number;
  readonly title: string;
  readonly class: BroadcastClass;
  /** True when it rests on a procedure record that the commune has not verified; the approver is told. */
  readonly unverified: boolean;
  readonly variants: readonly ManifestVariant[];
  /** The clusters that `targets` meant on the day of submission. */
  readonly clusterIds: readonly string[];
  /** Local dates, both inclusive. */
  readonly firstDate: string;
  readonly lastDate: string;
  /** Spans of the week in which it may begin. */
  readonly windows: readonly PolicyWindow[];
}

/** A use that somebody wants to make of an approved bulletin. */
export interface IntendedUse {
  readonly clusterIds: readonly string[];
  readonly firstDate: string;
  readonly lastDate: string;
  /** `HH:MM:SS` */
  readonly localTime: string;
  /** ISO weekdays on which it may begin. */
  readonly days: readonly number[];
}

/** Writes a manifest in its one form: keys in this order, lists without an order of their own sorted. */
export function manifestText(manifest: Manifest): string {
  const { bulletinId, version, title, unverified, firstDate, lastDate } = manifest;
  const variants = [...manifest.variants]
    .sort((a, b) => (a.language < b.language ? -1 : 1))
    .map(({ language, sounds, spokenText, durationMs }) => ({ language, sounds, spokenText, durationMs }));
  const windows = manifest.windows.map(({ days, from, to }) => ({ days: [...days].sort(), from, to }));
  const clusterIds = [...new Set(manifest.clusterIds)].sort();
  return JSON.stringify({
    bulletinId,
    version,
    title,
    class: manifest.class,
    unverified,
    variants,
    clusterIds,
    firstDate,
    lastDate,
    windows,
  });
}

/** Returns the SHA-256 of a manifest's one form: the name by which plans cite it. */
export function manifestSha(text: string): Sha256 {
  return createHash('sha256').update(text).digest('hex') as Sha256;
}

const startsWithin = ({ days, from, to }: PolicyWindow, day: number, time: string): boolean => {
  const clock = time.slice(0, 5);
  if (from < to) return days.includes(day) && clock >= from && clock < to;
  const dayBefore = day === 1 ? 7 : day - 1; // a span over midnight belongs to the day on which it begins
  return (days.includes(day) && clock >= from) || (days.includes(dayBefore) && clock < to);
};

/** Names what of a use the manifest does not cover; empty when all is covered. */
export function beyondManifest(manifest: Manifest, use: IntendedUse): readonly string[] {
  const faults: string[] = [];
  const foreign = use.clusterIds.filter((id) => !manifest.clusterIds.includes(id));
  if (foreign.length > 0)
    faults.push(`${foreign.length} cluster(s) were not approved: ${foreign.slice(0, 5).join(', ')}`);
  if (use.firstDate < manifest.firstDate)
    faults.push(`it begins on ${use.firstDate}, approved from ${manifest.firstDate}`);
  if (use.lastDate > manifest.lastDate)
    faults.push(`it ends on ${use.lastDate}, approved until ${manifest.lastDate}`);
  const outside = use.days.filter(
    (day) => !manifest.windows.some((window) => startsWithin(window, day, use.localTime)),
  );
  if (outside.length > 0)
    faults.push(`${use.localTime} is outside the approved hours on ISO weekday(s) ${outside.join(', ')}`);
  return faults;
}
