export type { PlayBody, SessionOpenBody } from './acts.ts';
export {
  type ContractErrorCode,
  EDGE_ERROR_STATUS,
  type EdgeErrorCode,
  REFUSAL_CODES,
  type RefusalCode,
} from './codes.ts';
export {
  CLAIM_HEADER,
  EDGE_PATHS,
  type Enrolment,
  type EnrolRequest,
  enrolment,
  enrolRequest,
  linkAuthorization,
  type Problem,
  problem,
  type RenewalRequest,
  renewalRequest,
} from './edge-http.ts';
export { fingerprintWords } from './fingerprint.ts';
export { type Frame, openFrame, packFrame } from './frame.ts';
export { digestOfStates, type FromBox, openJournal, openReceipt } from './from-box.ts';
export {
  type Hello,
  heldState,
  hello,
  type Status,
  status,
  type TimeRequest,
  timeRequest,
} from './greetings.ts';
export { HEALTH_FAULTS, type HealthSample, packHealth, unpackHealth } from './health.ts';
export {
  type JournalBatch,
  type JournalEvent,
  type JournalEventOf,
  journalBatch,
  journalEvent,
  type Receipt,
  receipt,
  type UnfamiliarEvent,
} from './journal.ts';
export { LIMITS } from './limits.ts';
export {
  ACT_KINDS,
  type ActKind,
  type ActOrder,
  CHANNEL_OF,
  EVERY_BOX,
  isActOrder,
  isStateOrder,
  type MessageKind,
  type MessageOf,
  type Order,
  REPLY_KINDS,
  type ReplyKind,
  type SignedMessage,
  STATE_KINDS,
  type StateKind,
  type StateOrder,
  type StateRevisions,
  signedMessage,
} from './orders.ts';
export { looksLikePing, openPing, packPing } from './ping.ts';
export { type PlanContent, type PlanItem, type PlanOccurrence, planContent, planFault } from './plan.ts';
export {
  clusterId,
  compareRevisions,
  deviceId,
  epochMs,
  idText,
  occurrenceId,
  type Revision,
  sha256,
} from './scalars.ts';
export {
  SESSION_CLOSE_CODES,
  type SessionEnd,
  type SessionReport,
  sessionEnd,
  sessionKey,
  sessionReport,
} from './session-socket.ts';
export {
  createSigner,
  type Opened,
  openJws,
  type PrivateJwk,
  type PublicKey,
  type Signer,
} from './signing.ts';
export type { Part, SoundRef } from './sound.ts';
export {
  type ConfigBody,
  type HoldBody,
  type KeyRecord,
  type KeysBody,
  type PinnedTemplate,
  type PolicyBody,
  policyBody,
} from './states.ts';
export {
  CHANNELS,
  type Channel,
  channelsOf,
  type Direction,
  everyDevice,
  parseDeviceId,
  parseTopic,
  topicOf,
} from './topics.ts';
export { type Judged, openMessage, type Trust } from './trust.ts';
export { PROTOCOL_VERSION, SUITES, type Suite } from './version.ts';
