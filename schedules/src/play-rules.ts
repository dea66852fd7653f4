import type { Precedence } from './broadcast-class.ts';

/** When a sound may begin if the horn is busy: at once, after the current sound, or after it within `maxWaitMs`. */
export type StartRule =
  | { readonly kind: 'hard' }
  | { readonly kind: 'make-next' }
  | { readonly kind: 'wait'; readonly maxWaitMs: number };

/** What happens when its slot ends or something goes before it. */
export type EndRule = { readonly kind: 'finish' } | { readonly kind: 'fade'; readonly fadeMs: number };

/** What a pre-empted sound does afterwards. */
export type PreemptedRule = 'resume' | 'restart' | 'drop';

/** Whether a start that was missed may still happen. */
export type LateRule =
  | { readonly kind: 'never' }
  | { readonly kind: 'within'; readonly maxLateMs: number }
  | { readonly kind: 'next-slot' };

/** Everything that decides how one planned sound behaves on a horn. */
export interface PlayRules extends Precedence {
  readonly start: StartRule;
  readonly end: EndRule;
  readonly preempted: PreemptedRule;
  readonly late: LateRule;
}

/** The rules of an ordinary bulletin: next in turn, finished, resumed after something more urgent, at most 5 minutes late. */
export const ROUTINE_RULES: PlayRules = {
  class: 'routine',
  rank: 50,
  start: { kind: 'make-next' },
  end: { kind: 'finish' },
  preempted: 'resume',
  late: { kind: 'within', maxLateMs: 5 * 60_000 },
};
