import type { ClusterId, DeviceId, OccurrenceId, Sha256 } from '@loa/kernel';
import { BROADCAST_CLASSES, CLOCK_STATES } from '@loa/schedules';
import { z } from 'zod';
import { SUITES } from './version.ts';

const MAX_EPOCH_MS = 253_402_300_799_999; // 9999-12-31T23:59:59.999Z

/** UTC milliseconds since 1970. */
export const epochMs = z.int().min(0).max(MAX_EPOCH_MS);
/** A span in milliseconds, 0 or more. */
export const spanMs = z
  .int()
  .min(0)
  .max(400 * 86_400_000);
/** Decibels relative to the site's nominal level: 0 is as loud as the site allows. */
export const gainDb = z.number().min(-80).max(0);
/** 1 to 120 of letters, digits, `_`, `-`, `.`, `~`: the alphabet of every id that crosses the wire. It needs no escape in a topic or a path. */
export const idText = z.string().regex(/^[A-Za-z0-9_~.-]{1,120}$/, 'wanted 1 to 120 of A-Z a-z 0-9 _ ~ . -');
export const deviceId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{2,62}$/, 'wanted a device id: 3 to 63 of a-z 0-9 _ -')
  .transform((text) => text as DeviceId);
/** An id inside an occurrence id, of which `~` separates the parts: 63 + 1 + 40 + 1 + 15 digits are its 120 characters. */
const partOfId = (max: number) =>
  z.string().regex(new RegExp(`^[A-Za-z0-9_.-]{1,${max}}$`), `wanted 1 to ${max} of A-Z a-z 0-9 _ . -`);
/** Text of a cluster id. */
export const clusterIdText = partOfId(63);
export const clusterId = clusterIdText.transform((text) => text as ClusterId);
/** Id of a series or of a signed message. */
export const shortId = partOfId(40);
export const occurrenceId = idText.transform((text) => text as OccurrenceId);
/** Lower-case hex SHA-256. */
export const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'wanted a SHA-256 as 64 lower-case hex digits')
  .transform((text) => text as Sha256);
/** JWS compact of at most `maxBytes`, not yet opened. */
export const jwsText = (maxBytes: number) =>
  z
    .string()
    .max(maxBytes)
    .regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/, 'wanted JWS compact: three base64url parts');
/** 128 random bits in base64url, from whoever asks for a fresh answer. */
export const nonce = z.string().regex(/^[A-Za-z0-9_-]{22}$/, 'wanted 16 bytes as 22 base64url characters');
/** A sentence for people; no control characters. */
export const sentence = z
  .string()
  .max(400)
  .regex(/^\P{Cc}*$/u, 'control characters are not allowed');
export const broadcastClass = z.enum(BROADCAST_CLASSES);
export const clockState = z.enum(CLOCK_STATES);
export const suite = z.enum(SUITES);
/** Which version of a state: the newest wins, compared as (epoch, rev). Epoch rises when the controller is restored or its order key changes. */
export const revision = z.strictObject({
  epoch: z.int().min(0).max(0xffff_ffff),
  rev: z.int().min(0).max(0xffff_ffff),
});
export type Revision = z.output<typeof revision>;

/** Returns a negative number when `a` is older than `b`, 0 when equal, positive when newer. */
export function compareRevisions(a: Revision, b: Revision): number {
  return a.epoch - b.epoch || a.rev - b.rev;
}
