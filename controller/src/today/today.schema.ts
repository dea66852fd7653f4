import { BROADCAST_CLASSES, CLOCK_STATES, EVIDENCE, REASONS, RESULTS } from '@loa/schedules';
import { z } from 'zod';

/** How an occurrence ended, as far as is known now. */
export const outcome = z
  .object({
    result: z.enum(RESULTS),
    reason: z.enum(REASONS),
    evidence: z.enum(EVIDENCE),
    startedAtMs: z.number().nullable(),
    /** Positive: late. Calibration included. */
    startErrorMs: z.number().nullable(),
    heardMs: z.number(),
  })
  .meta({ id: 'Outcome' });
export type OutcomeView = z.output<typeof outcome>;

/** `due`: it should have begun and nothing was heard yet; `unreported`: its box owes the outcome for longer than a sound on the line takes. */
export const occurrenceState = z.enum(['planned', 'due', 'playing', 'ended', 'unreported', 'withdrawn']);
export type OccurrenceState = z.output<typeof occurrenceState>;

export const todayOccurrence = z
  .object({
    id: z.string(),
    title: z.string(),
    class: z.enum(BROADCAST_CLASSES),
    /** BCP 47: the one spoken first there. */
    language: z.string(),
    startsAtMs: z.int(),
    plannedMs: z.int(),
    bulletinId: z.string(),
    /** Hashes in the order in which they sound: `/api/v1/sounds/{sha256}` lets one listen. */
    sounds: z.array(z.string()).readonly(),
    /** True when the box holds the newest plan and every sound of this occurrence. */
    ready: z.boolean(),
    state: occurrenceState,
    outcome: outcome.nullable(),
  })
  .meta({ id: 'TodayOccurrence' });
export type TodayOccurrence = z.output<typeof todayOccurrence>;

const todayCluster = z
  .object({
    id: z.string(),
    name: z.string(),
    areaName: z.string(),
    /** `null`: no box serves it, or it was never heard. */
    online: z.boolean().nullable(),
    clock: z.enum(CLOCK_STATES).nullable(),
    lastHeardMs: z.int().nullable(),
    plan: z.object({ rev: z.int(), held: z.boolean() }).nullable(),
    occurrences: z.array(todayOccurrence).readonly(),
  })
  .meta({ id: 'TodayCluster' });

export const todayView = z
  .object({
    site: z.object({ name: z.string(), timeZone: z.string() }),
    date: z.iso.date(),
    nowMs: z.int(),
    clusters: z.array(todayCluster).readonly(),
  })
  .meta({ id: 'Today' });
export type TodayView = z.output<typeof todayView>;

/** One occurrence with everything that was ever said of how it ended. */
export const occurrenceDetail = todayOccurrence
  .extend({
    clusterId: z.string(),
    clusterName: z.string(),
    seriesId: z.string().nullable(),
    originalStartMs: z.int(),
    readiness: z.object({
      planHeld: z.boolean(),
      soundsWanted: z.int(),
      soundsHeld: z.int(),
      /** Why the box does not have a sound, in the words of its own report. */
      fault: z.string().nullable(),
    }),
    /** Oldest first; the last one counts. */
    history: z
      .array(
        outcome.extend({
          deviceId: z.string(),
          plannedAtMs: z.int(),
          endedAtMs: z.number().nullable(),
          detail: z.string(),
          recordedMs: z.int(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'OccurrenceDetail' });
export type OccurrenceDetail = z.output<typeof occurrenceDetail>;
