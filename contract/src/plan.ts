import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { playRules } from './play-rules.ts';
import {
  clusterId,
  epochMs,
  gainDb,
  idText,
  occurrenceId,
  sentence,
  sha256,
  shortId,
  spanMs,
} from './scalars.ts';
import { namesOnly, parts, repeat, soundRef } from './sound.ts';

/** Where the audit chain stood when the plan was signed: every box is a witness (P10). */
export const auditHead = z.strictObject({ seq: z.int().min(0), hash: sha256 });

/** What many occurrences share: one approved variant of a bulletin in one series. */
const planItem = z.strictObject({
  bulletinId: idText,
  /** SHA-256 of the approved manifest; the approval that lets this item sound (P2). */
  manifest: sha256,
  seriesId: shortId,
  title: sentence,
  language: z.string().max(35),
  rules: playRules,
  parts,
  repeat,
  gainDb,
});

/** One concrete start. `item` is an index into the plan's `items`. */
const planOccurrence = z.strictObject({
  /** cluster + root series + original start as first compiled; the box uses it as it is (P4). */
  id: occurrenceId,
  item: z.int().min(0),
  startsAtMs: epochMs,
  /** How long it is expected to sound, repeats and pauses included. */
  plannedMs: spanMs,
});

/** Everything one cluster plays from `fromMs` (inclusive) to `untilMs` (exclusive). */
export const planContent = z.strictObject({
  clusterId,
  clusterName: sentence,
  timeZone: z.string().max(64),
  fromMs: epochMs,
  untilMs: epochMs,
  auditHead,
  sounds: z.array(soundRef).max(LIMITS.soundsPerPlan),
  items: z.array(planItem).max(LIMITS.soundsPerPlan),
  occurrences: z.array(planOccurrence).max(LIMITS.occurrencesPerPlan),
});
export type PlanContent = z.output<typeof planContent>;
export type PlanItem = z.output<typeof planItem>;
export type PlanOccurrence = z.output<typeof planOccurrence>;

/** A plan inside its order, or where to fetch the signed order that holds it. */
export const planBody = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('inline'), content: planContent }),
  z.strictObject({
    kind: z.literal('by-hash'),
    /** SHA-256 of the JWS text served at `/edge/v1/orders/{sha256}`: a `plan` order of the same revision, inline. */
    sha256,
    bytes: z.int().min(1).max(LIMITS.fetchedOrder),
  }),
]);

/** Names a broken reference inside a plan, or returns `undefined` when every index and time holds. */
export function planFault(plan: PlanContent): string | undefined {
  const { sounds, items, occurrences } = plan;
  for (const [index, item] of items.entries())
    if (!namesOnly(item.parts, sounds.length))
      return `items[${index}] names a sound that the plan does not list`;
  const seen = new Set<string>();
  for (const [index, { id, item, startsAtMs }] of occurrences.entries()) {
    if (item >= items.length) return `occurrences[${index}] names an item that the plan does not list`;
    if (startsAtMs < plan.fromMs || startsAtMs >= plan.untilMs)
      return `occurrences[${index}] starts outside the plan`;
    if (seen.has(id)) return `occurrences[${index}] repeats the id ${id}`;
    seen.add(id);
  }
  return undefined;
}
