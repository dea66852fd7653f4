import type { DeviceId, Sha256 } from '@loa/kernel';
import { z } from 'zod';
import { clusterId, deviceId, idText, sentence } from './scalars.ts';

/** The paths a box uses, all under the controller's one HTTPS address. */
export const EDGE_PATHS = {
  enrolments: '/edge/v1/enrolments',
  enrolment: (id: string) => `/edge/v1/enrolments/${encodeURIComponent(id)}`,
  /** `POST`: a new certificate for a box that has an identity. */
  renewals: '/edge/v1/renewals',
  /** `GET` with Range (RFC 9110 §14): the sound by its content, resumable. */
  media: (sha256: Sha256) => `/edge/v1/media/${sha256}`,
  /** `GET`: the JWS text of a signed order that was too large for MQTT. */
  order: (sha256: Sha256) => `/edge/v1/orders/${sha256}`,
  /** `PUT`: the JWS text of a state that a restored controller asked for and that its journal event cannot hold. */
  original: (sha256: Sha256) => `/edge/v1/originals/${sha256}`,
  /** WebSocket: first a JSON `sessionKey`, then binary frames; reports in the other direction. */
  session: (id: string) => `/edge/v1/sessions/${encodeURIComponent(id)}`,
} as const;

/** Header of `GET /edge/v1/enrolments/{id}`: the claim code that the enrolment was asked with. */
export const CLAIM_HEADER = 'x-loa-claim';

/** PKCS#10 request (RFC 2986) in PEM, self-signed by the box's Ed25519 key: the proof of possession. */
const csrPem = z.string().max(8192);

/** `POST /edge/v1/enrolments`: a box asks to serve the cluster that its claim code is bound to. */
export const enrolRequest = z.strictObject({
  v: z.literal(1),
  /** The one-time code a technician typed or scanned. */
  claimCode: z.string().min(13).max(40),
  csrPem,
  hardware: z.record(z.string().max(40), z.string().max(200)),
  agentVersion: z.string().max(64),
});
export type EnrolRequest = z.output<typeof enrolRequest>;

/** `POST /edge/v1/renewals`, by the box's own identity in place of a claim code; answered like an enrolment. */
export const renewalRequest = z.strictObject({ v: z.literal(1), csrPem });
export type RenewalRequest = z.output<typeof renewalRequest>;

/** Waiting for a person to compare the words, or issued, or refused. Also what `GET /edge/v1/enrolments/{id}` answers. */
export const enrolment = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('pending'),
    enrolmentId: idText,
    /** Said by the box and shown on the console: they must agree. */
    fingerprintWords: z.array(z.string().max(20)).length(6),
    retryAfterS: z.int().min(1).max(3600),
  }),
  z.object({
    status: z.literal('issued'),
    enrolmentId: idText,
    deviceId,
    clusterId,
    clusterName: sentence,
    /** PEM chain, leaf first; `null` while the site runs without mutual TLS (loopback only). */
    certificatePem: z.string().max(32_768).nullable(),
    /** PEM of the site's authority, to which the box pins TLS from then on; `null` on a loopback site without TLS, and only there. */
    authorityPem: z.string().max(32_768).nullable().default(null),
    /** base64url of 32 bytes: MAC key of pings, and the password on a loopback site without mutual TLS. */
    linkKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
    root: z.object({ kid: z.string().length(43), x: z.string().length(43) }),
    /** The newest `keys` state, signed by the root. */
    keys: z.string().max(65_536),
    mqttUrl: z.string().max(300),
  }),
  z.object({ status: z.literal('refused'), enrolmentId: idText, reason: sentence }),
]);
export type Enrolment = z.output<typeof enrolment>;

/** RFC 9457 problem document: every refusal of the controller, to boxes and browsers alike. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  /** `area/what-happened` */
  code: z.string(),
  detail: z.string(),
  /** Which field, what was wanted; one entry per field. */
  fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.output<typeof problem>;

/** Returns the `Authorization` header of a box on a loopback site without mutual TLS (RFC 7617). */
export function linkAuthorization(device: DeviceId, linkKey: string): string {
  return `Basic ${Buffer.from(`${device}:${linkKey}`).toString('base64')}`;
}
