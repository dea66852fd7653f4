import type { ConfigBody, PlayBody } from '@loa/contract';

const HOUR_MS = 3_600_000;

/** Since when emergencies count against the hour. */
export const emergencyHourStart = (nowMs: number): number => nowMs - HOUR_MS;

/** Tells whether the template that a `play` names is held on this box, in that version. */
export function isPreAuthorised({ authority }: PlayBody, pinned: ConfigBody['pinned']): boolean {
  if (authority.kind !== 'template') return true;
  return pinned.some(
    ({ templateId, version }) => templateId === authority.templateId && version === authority.version,
  );
}

/** Tells whether one more emergency fits the hour; some room is kept for pinned templates only (DESIGN §11). */
export function fitsEmergencyRate(
  { authority }: PlayBody,
  playsThisHour: number,
  {
    emergencyPerHour,
    emergencyReservedForPinned,
  }: Pick<ConfigBody, 'emergencyPerHour' | 'emergencyReservedForPinned'>,
): boolean {
  const reserved = authority.kind === 'template' ? 0 : emergencyReservedForPinned;
  return playsThisHour < emergencyPerHour - reserved;
}
