import type { Occurrence } from '../plan/occurrence.ts';

/** What an edit does to one occurrence: a person should know before saving. */
export type EditNotice =
  /** It has begun: it stays as it is. */
  | { readonly code: 'edit-begun' }
  /** It is due: a box that hears in time follows the edit, another plays as before; none plays twice. */
  | { readonly code: 'edit-due' }
  /** Boxes without a link still hold the old plan and will play it; the report will say `played, withdrawn`. */
  | { readonly code: 'edit-held'; readonly boxes: number }
  | { readonly code: 'edit-free' };

/** Plans reach their boxes within seconds; a minute is what a person may rely on. */
const DUE_MS = 60_000;

/** Returns what an edit made now does to an occurrence that `boxesWithoutLink` hold. */
export function editNotice(
  { startsAtMs }: Pick<Occurrence, 'startsAtMs'>,
  nowMs: number,
  boxesWithoutLink: number,
): EditNotice {
  if (startsAtMs <= nowMs) return { code: 'edit-begun' };
  if (boxesWithoutLink > 0) return { code: 'edit-held', boxes: boxesWithoutLink };
  return startsAtMs <= nowMs + DUE_MS ? { code: 'edit-due' } : { code: 'edit-free' };
}
