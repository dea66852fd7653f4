import type {
  JournalEventOf,
  MessageOf,
  Part,
  PlanContent,
  PlanOccurrence,
  Revision,
  SoundRef,
} from '@loa/contract';
import type { OccurrenceId } from '@loa/kernel';
import type { PlayRules } from '@loa/schedules';

/** Where an occurrence came from. */
export type Origin = JournalEventOf<'claim'>['origin'];

/** One thing that should sound: an occurrence of the plan, or an act. From here on both are treated alike. */
export interface Cue {
  /** Made by the controller; the box never derives one (P4). */
  readonly id: OccurrenceId;
  readonly origin: Origin;
  readonly title: string;
  readonly rules: PlayRules;
  readonly sounds: readonly SoundRef[];
  readonly parts: readonly Part[];
  readonly repeat: { readonly times: number; readonly gapMs: number };
  readonly gainDb: number;
  readonly startsAtMs: number;
  readonly plannedMs: number;
  /** Not begun after this instant, unless it waits for the horn. */
  readonly latestStartMs: number;
  /** Not a sample after this instant; `null`: until it ends. */
  readonly stopByMs: number | null;
}

/** A start this close to its time is on time: what is never late may still be a moment behind. */
const GRACE_MS = 1_000;

function latestStartOf(startsAtMs: number, { late }: PlayRules): number {
  return startsAtMs + (late.kind === 'within' ? Math.max(GRACE_MS, late.maxLateMs) : GRACE_MS);
}

/** Returns the cue of one planned occurrence. */
export function cueOfPlan(
  plan: PlanContent,
  revision: Revision,
  occurrence: PlanOccurrence,
): Cue | undefined {
  const item = plan.items[occurrence.item];
  if (!item) return undefined;
  const { id, startsAtMs, plannedMs } = occurrence;
  const { title, rules, parts, repeat, gainDb } = item;
  return {
    id,
    origin: { kind: 'plan', epoch: revision.epoch, rev: revision.rev },
    title,
    rules,
    sounds: plan.sounds,
    parts,
    repeat,
    gainDb,
    startsAtMs,
    plannedMs,
    latestStartMs: latestStartOf(startsAtMs, rules),
    stopByMs: null,
  };
}

/** Returns the cue of a `play` act. Without a start, or with one that has passed, it starts now. */
export function cueOfAct({ id, body }: MessageOf<'play'>, nowMs: number): Cue {
  const { occurrenceId, title, rules, sounds, parts, repeat, gainDb, startAtMs, stopByMs } = body;
  const once = parts.reduce((sum, part) => sum + lengthOf(part, sounds), 0);
  return {
    id: occurrenceId,
    origin: { kind: 'act', actId: id },
    title,
    rules,
    sounds,
    parts,
    repeat,
    gainDb,
    startsAtMs: Math.max(startAtMs ?? 0, Math.round(nowMs)),
    plannedMs: once * repeat.times + repeat.gapMs * (repeat.times - 1),
    latestStartMs: stopByMs,
    stopByMs,
  };
}

function lengthOf(part: Part, sounds: readonly SoundRef[]): number {
  if (part.kind === 'pause') return part.ms;
  if (part.kind === 'relay') return part.maxMs;
  return sounds[part.sound]?.durationMs ?? 0;
}

/** Returns the sounds that a cue needs on the box: those it says, and those that stand in for a relay. */
export function soundsOf({ parts, sounds }: Pick<Cue, 'parts' | 'sounds'>): readonly SoundRef[] {
  const indices = parts.flatMap((part) =>
    part.kind === 'sound' ? [part.sound] : part.kind === 'relay' ? part.fallback : [],
  );
  return [...new Set(indices)].flatMap((index) => sounds[index] ?? []);
}
