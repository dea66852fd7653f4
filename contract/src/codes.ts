/** Why a box refuses a message. One closed table: receipts, counters, translations and tests rest on it. */
export const REFUSAL_CODES = [
  'order/too-large', // more bytes than LIMITS allow, before parsing
  'order/not-jws', // not three base64url parts
  'order/bad-header', // another alg, typ or cty, or a header that is not ours
  'order/unknown-key', // signed by a key this box does not know
  'order/key-not-valid', // that key is revoked, or was not valid at the time
  'order/bad-signature', // the bytes were altered
  'order/bad-payload', // signed, but not a message of this protocol
  'order/wrong-suite', // a signature suite this box does not speak
  'order/wrong-channel', // a valid message on another channel than its own
  'order/wrong-device', // addressed to another box
  'order/wrong-signer', // a kind that only the root (or only an order key) may sign
  'order/expired', // an act whose time has run out
  'order/stale', // a state older than the one held
  'order/replayed', // an act already in the inbox
  'order/cancelled', // an act that was withdrawn
  'order/before-first-welcome', // an act from before a new database first met the controller
  'order/clock-untrusted', // cannot be judged until the box knows the time
  'order/inbox-full', // too many acts wait
  'order/rate-limited', // more emergencies than the site allows
  'order/not-pre-authorised', // names a template this box does not hold
  'order/unsupported', // understood, but this agent cannot do it
  'order/not-stored', // the box could not write it down, so it will not obey it
  'media/hash-differs', // a sound that is not the one promised
  'media/not-found', // the controller does not have the sound
  'media/too-large', // the sound does not fit the box
  'media/unreadable', // the sound cannot be decoded
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** What the edge routes of the controller answer, with the HTTP status of each. */
export const EDGE_ERROR_STATUS = {
  'edge/unauthorised': 401,
  'edge/bad-request': 422,
  'edge/claim-refused': 403,
  'edge/claim-expired': 410,
  'edge/not-found': 404,
  'edge/range-not-satisfiable': 416,
  'edge/session-ended': 410,
  'edge/too-many': 429,
} as const satisfies Record<string, number>;
export type EdgeErrorCode = keyof typeof EDGE_ERROR_STATUS;

/** Faults that this workspace throws. */
export type ContractErrorCode = 'contract/bad-device-id' | 'contract/too-large' | 'contract/bad-sample';
