import { z } from 'zod';
import { LIMITS } from './limits.ts';
import {
  broadcastClass,
  clusterIdText,
  epochMs,
  gainDb,
  idText,
  jwsText,
  sentence,
  sha256,
  shortId,
} from './scalars.ts';
import { offlineParts, repeat, soundRef } from './sound.ts';

const weekdays = z.array(z.int().min(1).max(7)).min(1).max(7);
const clockTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'wanted HH:MM, 00:00 to 24:00');
const window = { days: weekdays, from: clockTime, to: clockTime };

/** The `policy` state: the commune's broadcasting rules, enforced again by the box (P7). Mirrors `Policy` of schedules. */
export const policyBody = z.strictObject({
  timeZone: z.string().max(64),
  windows: z.array(z.strictObject(window)).max(200),
  maxSessionsPerDay: z.int().min(0).nullable(),
  maxMinutesPerSession: z.number().min(0).nullable(),
  maxMinutesPerDay: z.number().min(0).nullable(),
  volume: z
    .array(z.strictObject({ ...window, classes: z.array(broadcastClass).min(1), maxGainDb: gainDb }))
    .max(200),
  mutes: z
    .array(
      z.strictObject({
        id: idText,
        fromMs: epochMs,
        untilMs: epochMs,
        classes: z.array(broadcastClass).min(1),
        reason: sentence,
      }),
    )
    .max(200),
  languages: z.array(z.string().max(35)).max(20),
});

/** The `hold` state: always the full set for this box; an empty set releases (P9). */
export const holdBody = z.strictObject({
  holds: z
    .array(
      z.strictObject({
        id: idText,
        includesEmergency: z.boolean(),
        fromMs: epochMs,
        /** `null`: until released. */
        untilMs: epochMs.nullable(),
        reason: sentence,
        by: sentence,
      }),
    )
    .max(100),
});

/** A warning that was authorised beforehand and is kept on every box: its sounds are pinned, and it may be named by an act or by hand. */
const pinnedTemplate = z.strictObject({
  templateId: shortId,
  name: sentence.max(80),
  version: z.int().min(1),
  /** SHA-256 of the approved manifest. */
  manifest: sha256,
  sounds: z.array(soundRef).max(LIMITS.soundsPerPinned),
  parts: offlineParts,
  repeat,
  gainDb,
  /** Said before anything else when this is a drill ("diễn tập"); indices into `sounds`. */
  drillParts: offlineParts.nullable(),
  /** Whether somebody at the box may sound it without the controller. */
  byHand: z.boolean(),
});

/** The `config` state: what this box is and how it should behave, apart from what sounds when. */
export const configBody = z.strictObject({
  clusterId: clusterIdText,
  clusterName: sentence,
  areaName: sentence,
  timeZone: z.string().max(64),
  languages: z.array(z.string().max(35)).max(20),
  /** What the cluster plays when nothing lowers it. */
  gainDb,
  /** How much later sound leaves the horn than the sink: amplifier and line delay of this cluster. */
  calibrationMs: z.number().min(-500).max(5000),
  amplifier: z.strictObject({ warmUpMs: z.int().min(0).max(30_000) }),
  keepaliveS: z.int().min(5).max(50),
  healthEveryS: z.int().min(10).max(3600),
  link: z.strictObject({
    kbitPerS: z.int().min(1).nullable(),
    prefetchHours: z.array(z.strictObject({ from: clockTime, to: clockTime })).max(24),
    monthlyBytes: z.int().min(0).nullable(),
  }),
  mediaBudgetBytes: z.int().min(0),
  ntpServers: z.array(z.string().max(255)).max(8),
  /** Raise an alarm when no signed time came for this long. */
  signedTimeAlarmHours: z
    .number()
    .min(1)
    .max(24 * 365),
  emergencyPerHour: z.int().min(1).max(1000),
  /** Of `emergencyPerHour`, how many only pinned templates may use. */
  emergencyReservedForPinned: z.int().min(0).max(1000),
  pinned: z.array(pinnedTemplate).max(LIMITS.pinnedTemplates),
  /** PIN of the box's own page, as scrypt `salt:key` in hex; `null` turns the page off. */
  localPin: z.string().max(200).nullable(),
});

/** A public Ed25519 key (RFC 8037 `x`) and when the root says it may sign. */
const keyRecord = z.strictObject({
  kid: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'wanted an RFC 7638 thumbprint'),
  x: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'wanted 32 bytes as base64url'),
  notBeforeMs: epochMs,
  notAfterMs: epochMs,
  revoked: z.boolean(),
});

/**
 * The `keys` state: signed by the site's offline root, never by an order key, and addressed to every box of the site.
 * Its (epoch, rev) is counted by the root alone: a restored controller neither raises nor lowers it.
 */
export const keysBody = z.strictObject({
  siteId: idText,
  siteName: sentence,
  orderKeys: z.array(keyRecord).min(1).max(16),
  releaseKeys: z.array(keyRecord).max(16),
  /** No sound of any class exceeds it; applied last. */
  hardVolumeCapDb: gainDb,
  /** A correction of the clock beyond what signed time may do; `null` when none was needed. */
  clockAtLeastMs: epochMs.nullable(),
});

/** The `update` state: which release this box should run. The release itself is signed by a release key. */
export const updateBody = z.strictObject({
  targets: z
    .array(
      z.strictObject({
        component: z.enum(['agent', 'firmware']),
        version: z.string().max(64),
        sha256,
        bytes: z.int().min(1),
        /** The release statement, JWS compact by a release key. */
        release: jwsText(LIMITS.releaseJws),
        installFrom: clockTime,
        installTo: clockTime,
      }),
    )
    .max(LIMITS.updateTargets),
});

/** The bodies above, by the kind of state. `plan` stands in its own file. */
export type PolicyBody = z.output<typeof policyBody>;
export type HoldBody = z.output<typeof holdBody>;
export type ConfigBody = z.output<typeof configBody>;
export type KeysBody = z.output<typeof keysBody>;
export type KeyRecord = z.output<typeof keyRecord>;
export type PinnedTemplate = z.output<typeof pinnedTemplate>;
