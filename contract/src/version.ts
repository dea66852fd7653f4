/** The version of everything in this workspace. It is part of every topic, path and signed payload. */
export const PROTOCOL_VERSION = 1;

/**
 * The signature suite, inside the signed bytes so that it cannot be swapped (RFC 7515 header `alg` names only the algorithm).
 * `eddsa-1` = Ed25519 (RFC 8037) over JWS compact (RFC 7515), SHA-256 digests.
 */
export const SUITES = ['eddsa-1'] as const;
export type Suite = (typeof SUITES)[number];
