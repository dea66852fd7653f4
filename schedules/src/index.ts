export {
  BROADCAST_CLASSES,
  type BroadcastClass,
  comparePrecedence,
  type Precedence,
} from './broadcast-class.ts';
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
