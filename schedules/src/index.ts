export {
  BROADCAST_CLASSES,
  type BroadcastClass,
  comparePrecedence,
  type Precedence,
} from './broadcast-class.ts';
export type { Holiday, HolidayTable } from './calendar/holiday.ts';
export { type LunarDate, lunarDateOf } from './calendar/lunar/lunar-date.ts';
export { type ClusterChange, type Difference, dryRun } from './explain/dry-run.ts';
export { type ActiveHold, type Explanation, explain, type Told } from './explain/explain.ts';
export { explanationText } from './explain/explanation-text.ts';
export type { Fault } from './fault.ts';
export { ranksInOrder } from './horn/choice.ts';
export { longestWaitMs, type Meeting, meet } from './horn/horn.ts';
export { mayStartLate, ON_TIME_MS } from './horn/late.ts';
export { type Conflict, type MayBegin, type Stretch, type Timeline, timelineOf } from './horn/timeline.ts';
export {
  type LedgerStep,
  ledgerStep,
  type Outcome,
  type OutcomeEvent,
  type PlannedState,
  reconcile,
} from './outcome/reconcile.ts';
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
export { type ClusterPlan, type CompileInput, clusterPlans } from './plan/cluster-plan.ts';
export { type Compiled, compile } from './plan/compile.ts';
export type { Horizon } from './plan/horizon.ts';
export { type KnownOccurrence, type Occurrence, occurrenceIdOf } from './plan/occurrence.ts';
export type { Skip } from './plan/skip.ts';
export {
  type EndRule,
  type LateRule,
  type PlayRules,
  type PreemptedRule,
  ROUTINE_RULES,
  type StartRule,
} from './play-rules.ts';
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
export { policyFaults } from './policy/policy-faults.ts';
export {
  type PolicyArea,
  type PolicyCluster,
  type PolicyLayer,
  resolvePolicies,
} from './policy/policy-tree.ts';
export type { Mute, Policy, PolicyWindow, VolumeRule } from './policy.ts';
export type { ConflictReason, PlanReason, SkipReason } from './reason/reason.ts';
export { type ReasonLanguage, reasonText } from './reason/reason-text.ts';
export { type EditNotice, editNotice } from './series/edit-notice.ts';
export { type DateChange, editFollowing, editSeries, editThis, type SeriesChange } from './series/edits.ts';
export type {
  DateSpan,
  HolidayChoice,
  LunarRule,
  SentFromAbove,
  Series,
  SeriesException,
  SeriesRule,
} from './series/series.ts';
export { seriesFaults } from './series/series-faults.ts';
export {
  resolveTarget,
  type Target,
  type TargetArea,
  type TargetCluster,
  type TargetDrift,
  targetDrift,
} from './targets/target.ts';
export { targetFaults } from './targets/target-faults.ts';
