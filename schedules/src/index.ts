export {
  BROADCAST_CLASSES,
  type BroadcastClass,
  comparePrecedence,
  type Precedence,
} from './broadcast-class.ts';
export { longestWaitMs, type Meeting, meet } from './horn/horn.ts';
export { type Conflict, type MayBegin, type Stretch, type Timeline, timelineOf } from './horn/timeline.ts';
export {
  CLOCK_STATES,
  type ClockState,
  EVIDENCE,
  type Evidence,
  REASONS,
  RESULTS,
  type Reason,
  type Result,
} from './outcome/outcome.ts';
export {
  type LedgerStep,
  ledgerStep,
  type Outcome,
  type OutcomeEvent,
  type PlannedState,
  reconcile,
} from './outcome/reconcile.ts';
export { type Compiled, type CompileInput, compile } from './plan/compile.ts';
export type { Horizon } from './plan/horizon.ts';
export { type Occurrence, occurrenceIdOf } from './plan/occurrence.ts';
export type { Skip } from './plan/skip.ts';
export {
  type EndRule,
  type LateRule,
  type PlayRules,
  type PreemptedRule,
  ROUTINE_RULES,
  type StartRule,
} from './play-rules.ts';
export type { Mute, Policy, PolicyWindow, VolumeRule } from './policy/policy.ts';
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
} from './policy/policy-check.ts';
export type { ConflictReason, PlanReason, SkipReason } from './reason/reason.ts';
export { type ReasonLanguage, reasonText } from './reason/reason-text.ts';
export type { DateSpan, Series, SeriesRule } from './series/series.ts';
export { type SeriesFault, seriesFaults } from './series/series-faults.ts';
