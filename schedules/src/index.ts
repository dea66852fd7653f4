export {
  BROADCAST_CLASSES,
  type BroadcastClass,
  comparePrecedence,
  type Precedence,
} from './broadcast-class.ts';
export { type Compiled, type CompileInput, compile } from './compile.ts';
export type { Conflict } from './conflict.ts';
export type { Horizon } from './expand.ts';
export { longestWaitMs, type Meeting, meet } from './horn.ts';
export { type Occurrence, occurrenceIdOf } from './occurrence.ts';
export {
  CLOCK_STATES,
  type ClockState,
  EVIDENCE,
  type Evidence,
  REASONS,
  RESULTS,
  type Reason,
  type Result,
} from './outcome.ts';
export {
  type EndRule,
  type LateRule,
  type PlayRules,
  type PreemptedRule,
  ROUTINE_RULES,
  type StartRule,
} from './play-rules.ts';
export type { Mute, Policy, PolicyWindow, VolumeRule } from './policy.ts';
export {
  type AirTime,
  type CheckPolicy,
  checkPolicy,
  checkSelfTest,
  type PolicyQuestion,
  type PolicyRefusal,
  type PolicyVerdict,
  policyChecker,
  QUIET_TEST_DB,
} from './policy-check.ts';
export type { ConflictReason, PlanReason, SkipReason } from './reason.ts';
export { type ReasonLanguage, reasonText } from './reason-text.ts';
export {
  type LedgerStep,
  ledgerStep,
  type Outcome,
  type OutcomeEvent,
  type PlannedState,
  reconcile,
} from './reconcile.ts';
export type { DateSpan, Series, SeriesRule } from './series.ts';
export { type SeriesFault, seriesFaults } from './series-faults.ts';
export type { Skip } from './skip.ts';
