import type { IdentityRefusal } from '../plan/identity.ts';
import type { PolicyRefusal } from '../policy/policy-check.ts';
import type { EditNotice } from '../series/edit-notice.ts';

/** Why compile left a start out. */
export type SkipReason =
  | IdentityRefusal
  | PolicyRefusal
  /** A person took this date out of the series. */
  | { readonly code: 'excluded' }
  | { readonly code: 'holiday'; readonly name: string }
  /** The series asks a holiday table that is not there. */
  | { readonly code: 'no-calendar'; readonly tableId: string }
  /** From above the commune, which has not chosen yet, or chose not to. */
  | { readonly code: 'waits-for-commune' | 'declined'; readonly from: string }
  /** No approval, or the approved dates do not hold it (P2). `date`: local `YYYY-MM-DD`. */
  | { readonly code: 'not-approved'; readonly date: string }
  /** The cluster has no policy, and what nobody allowed is not allowed. */
  | { readonly code: 'no-policy' };

/** What happens between two starts that want the same horn. */
export type ConflictReason =
  /** The second goes before the first and takes the horn. */
  | { readonly code: 'pre-empts' }
  /** The second waits until the first has ended, `waitMs` after its own start. */
  | { readonly code: 'waits'; readonly waitMs: number }
  /** The first goes before, and the second may not wait that long. */
  | { readonly code: 'gives-way' }
  /** By the time the horn is free, its slot is over, and it does not play beyond that. */
  | { readonly code: 'slot-over' }
  /** By the time the horn is free, the policy forbids it. */
  | PolicyRefusal
  /** Both are priority and equal: a person must say which goes first. */
  | { readonly code: 'needs-choice' };

/** Anything that is said about a start, for people and for counting. */
export type PlanReason = SkipReason | ConflictReason | EditNotice;
