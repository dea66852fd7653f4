/** What counts towards a limit. */
interface Counted {
  readonly startsAtMs: number;
  readonly plannedMs: number;
}

/** Sounds no further apart than this are one session (buổi phát): a relay, the district's news and the commune's own follow one another. */
const SESSION_GAP_MS = 5 * 60_000;

/** Returns how many sessions a day has once `added` is in it, and the sounds of the session that `added` belongs to. */
export function sessionsWith<Sound extends Counted>(
  before: readonly Sound[],
  added: Sound,
): { readonly count: number; readonly own: readonly Sound[] } {
  let count = 0;
  let current: Sound[] = [];
  let own: readonly Sound[] = [];
  let endsAtMs = Number.NEGATIVE_INFINITY;
  for (const sound of [...before, added].toSorted((a, b) => a.startsAtMs - b.startsAtMs)) {
    if (sound.startsAtMs - endsAtMs > SESSION_GAP_MS) {
      count += 1;
      current = [];
    }
    current.push(sound);
    if (sound === added) own = current;
    endsAtMs = Math.max(endsAtMs, sound.startsAtMs + sound.plannedMs);
  }
  return { count, own };
}

/** Returns the minutes that some sounds last together. */
export function sessionMinutes(sounds: readonly Counted[]): number {
  return sounds.reduce((total, { plannedMs }) => total + plannedMs, 0) / 60_000;
}
