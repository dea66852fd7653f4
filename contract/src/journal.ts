import { EVIDENCE, REASONS, RESULTS } from '@loa/schedules';
import { z } from 'zod';
import { REFUSAL_CODES } from './codes.ts';
import { LIMITS } from './limits.ts';
import { STATE_KINDS } from './orders.ts';
import {
  clockState,
  deviceId,
  epochMs,
  gainDb,
  idText,
  occurrenceId,
  revision,
  sentence,
  sha256,
  spanMs,
  suite,
} from './scalars.ts';

/** Where an occurrence came from: a revision of the plan, an act, or somebody at the box. */
const origin = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('plan'), epoch: revision.shape.epoch, rev: revision.shape.rev }),
  z.object({ kind: z.literal('act'), actId: idText }),
  /** A person at the box, with the pinned warning that was sounded, if any. The box makes the id: `cluster~local~<UTC ms>`. */
  z.object({
    kind: z.literal('local'),
    by: sentence,
    templateId: idText.optional(),
    version: z.int().min(1).optional(),
  }),
]);

/** What a box says of one order. Every receipt is a journal event too. */
const verdict = z.object({
  orderId: idText.nullable(), // null: refused before its id could be believed
  kind: z.string().max(20).nullable(),
  revision: revision.nullable(),
  verdict: z.enum(['accepted', 'refused']),
  code: z.enum(REFUSAL_CODES).nullable(),
  detail: sentence,
});

const levelDbfs = z.number().min(-200).max(6).nullable();

/** What one played occurrence measured. Positive `startErrorMs` = late against the plan, calibration included. */
const airing = z.object({
  startedAtMs: epochMs.nullable(),
  endedAtMs: epochMs.nullable(),
  startErrorMs: z.number().nullable(),
  heardMs: spanMs,
  repeatsDone: z.int().min(0).max(99),
  gainDb: gainDb.nullable(),
  peakDbfs: levelDbfs,
  rmsDbfs: levelDbfs,
  /** How sure the line or the microphone is that it heard this very sound; `null`: neither listened. */
  confidence: z.number().min(0).max(1).nullable().optional(),
  /** By how much what they heard stood out from the noise. */
  evidenceDb: z.number().min(-200).max(200).nullable().optional(),
});

/** Bytes in both directions, as the box sees them. */
const upDown = z.object({ up: z.int().min(0), down: z.int().min(0) });

const eventBase = {
  /** Counts from 1 in this journal, without gaps, and never restarts. */
  seq: z.int().min(1),
  /** What the box believed the time was. */
  atMs: epochMs,
  clock: clockState,
  bootId: idText,
};

/** Everything a box writes down. */
export const journalEvent = z.discriminatedUnion('kind', [
  z.object({ ...eventBase, kind: z.literal('boot'), agentVersion: z.string().max(64), cause: sentence }),
  z.object({ ...eventBase, kind: z.literal('receipt'), receipt: verdict }),
  z.object({ ...eventBase, kind: z.literal('claim'), occurrenceId, origin, plannedAtMs: epochMs }),
  z.object({
    ...eventBase,
    kind: z.literal('outcome'),
    occurrenceId,
    origin,
    plannedAtMs: epochMs,
    result: z.enum(RESULTS),
    reason: z.enum(REASONS),
    evidence: z.enum(EVIDENCE),
    airing: airing.nullable(),
    detail: sentence,
  }),
  z.object({
    ...eventBase,
    kind: z.literal('media'),
    sha256,
    state: z.enum(['held', 'failed', 'evicted']),
    code: z.enum(REFUSAL_CODES).nullable(),
  }),
  z.object({ ...eventBase, kind: z.literal('hold'), holds: z.array(idText).max(100), silent: z.boolean() }),
  z.object({
    ...eventBase,
    kind: z.literal('clock-change'),
    from: clockState,
    to: clockState,
    stepMs: z.number(),
    uncertaintyMs: z.number().min(0),
  }),
  z.object({
    ...eventBase,
    kind: z.literal('sink'),
    state: z.enum(['opened', 'lost', 'absent']),
    gapMs: spanMs,
    detail: sentence,
  }),
  z.object({
    ...eventBase,
    kind: z.literal('amplifier'),
    state: z.enum(['on', 'off', 'fault']),
    detail: sentence,
  }),
  z.object({
    ...eventBase,
    kind: z.literal('session'),
    sessionId: idText,
    state: z.enum(['joined', 'left', 'dropped']),
    framesHeard: z.int().min(0),
    framesRefused: z.int().min(0),
  }),
  z.object({
    ...eventBase,
    kind: z.literal('self-test'),
    actId: idText,
    stages: z
      .array(
        z.object({
          stage: z.string().max(20),
          passed: z.boolean().nullable(),
          confidence: z.number().min(0).max(1),
          detail: sentence,
        }),
      )
      .max(8),
  }),
  z.object({
    ...eventBase,
    kind: z.literal('local'),
    action: z.enum(['stop', 'release', 'warning', 'microphone']),
    by: sentence,
    /** When a stop ends by itself; `null`: when it is released. */
    untilMs: epochMs.nullable().optional(),
  }),
  /** Messages refused before they could be answered one by one: noise, forgeries, floods. */
  z.object({
    ...eventBase,
    kind: z.literal('refused'),
    channel: z.string().max(20),
    code: z.enum(REFUSAL_CODES),
    count: z.int().min(1),
    detail: sentence,
  }),
  /** The signed original of a state that the controller asked for in its welcome (restore). */
  z.object({
    ...eventBase,
    kind: z.literal('original'),
    state: z.enum(STATE_KINDS),
    epoch: revision.shape.epoch,
    rev: revision.shape.rev,
    /** Of the JWS text, as in `hello`. */
    sha256,
    /** `null`: longer than `LIMITS.inlineOriginal`, and sent up by `PUT /edge/v1/originals/{sha256}` before this event. */
    jws: z.string().max(LIMITS.inlineOriginal).nullable(),
  }),
  /** How far a release has come. */
  z.object({
    ...eventBase,
    kind: z.literal('update'),
    component: z.string().max(40),
    version: z.string().max(64),
    state: z.enum(['downloading', 'verified', 'installing', 'trial', 'confirmed', 'reverted', 'refused']),
    percent: z.number().min(0).max(100),
    code: z.string().max(80).nullable(),
    detail: sentence,
  }),
  /** What a span of time cost on the line. */
  z.object({
    ...eventBase,
    kind: z.literal('traffic'),
    fromMs: epochMs,
    toMs: epochMs,
    bytes: z.object({
      live: upDown,
      orders: upDown,
      journal: upDown,
      media: upDown,
      time: upDown,
      other: upDown,
    }),
  }),
  /** Sounds of the plan that will not be on the box in time. */
  z.object({
    ...eventBase,
    kind: z.literal('forecast'),
    planEpoch: revision.shape.epoch,
    planRev: revision.shape.rev,
    missing: z.array(sha256).min(1).max(50),
    reason: z.enum(['will-not-fit', 'will-not-arrive']),
    /** When the first of them is due. */
    dueAtMs: epochMs,
  }),
  z.object({ ...eventBase, kind: z.literal('fault'), code: z.string().max(80), detail: sentence }),
  /** Unacknowledged events that had to go under the byte budget: `from` to `to`, both inclusive. */
  z.object({ ...eventBase, kind: z.literal('lost'), from: z.int().min(1), to: z.int().min(1) }),
]);
export type JournalEvent = z.output<typeof journalEvent>;
export type JournalEventOf<Kind extends JournalEvent['kind']> = Extract<
  JournalEvent,
  { readonly kind: Kind }
>;

/**
 * An event of a newer agent, kept as it came: one odd event must not hold up the journal behind it.
 * On the wire it has its own `kind` and fields; here they stand in `event`.
 */
const unfamiliarEvent = z
  .looseObject({ ...eventBase, kind: z.string().max(40) })
  .transform(({ seq, atMs, clock, bootId, ...event }) => ({
    seq,
    atMs,
    clock,
    bootId,
    kind: 'unfamiliar' as const,
    event,
  }));
export type UnfamiliarEvent = z.output<typeof unfamiliarEvent>;

const fromBox = { v: z.literal(1), suite, device: deviceId };

/** A run of events without gaps, signed by the box. */
export const journalBatch = z
  .object({
    ...fromBox,
    journalId: idText,
    events: z
      .array(z.union([journalEvent, unfamiliarEvent]))
      .min(1)
      .max(LIMITS.eventsPerBatch),
  })
  .refine(
    ({ events }) => {
      const [first] = events;
      return first !== undefined && events.every(({ seq }, index) => seq === first.seq + index);
    },
    { message: 'events must follow one another without a gap', path: ['events'] },
  );
export type JournalBatch = z.output<typeof journalBatch>;

/** The immediate answer to one order, signed by the box. */
export const receipt = z.object({ ...fromBox, atMs: epochMs, clock: clockState, ...verdict.shape });
export type Receipt = z.output<typeof receipt>;
