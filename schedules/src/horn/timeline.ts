import { comparePrecedence } from '../broadcast-class.ts';
import { byStart, type Sound } from '../plan/sound.ts';
import type { PolicyRefusal } from '../policy/policy-check.ts';
import type { ConflictReason } from '../reason/reason.ts';
import { longestWaitMs, meet } from './horn.ts';

/** Two sounds of one cluster that want the horn at the same time. */
export interface Conflict {
  readonly clusterId: string;
  /** The occurrence that has the horn. */
  readonly firstId: string;
  /** The occurrence that wants it. */
  readonly secondId: string;
  readonly reason: ConflictReason;
}

/** A stretch in which one sound has the horn to itself; UTC milliseconds, `untilMs` exclusive. */
export interface Stretch {
  readonly sound: Sound;
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface Timeline {
  /** In the order of time, never two at once. */
  readonly stretches: readonly Stretch[];
  readonly conflicts: readonly Conflict[];
}

/** Asks the policy about a sound that gets the horn later than planned. */
export type MayBegin = (sound: Sound, startsAtMs: number, lengthMs: number) => PolicyRefusal | undefined;

/** Plays a cluster's sounds on its one horn as a box would: who has it when, and what happens where two meet. */
export function timelineOf(sounds: readonly Sound[], mayBegin: MayBegin = () => undefined): Timeline {
  const horn = new Horn(mayBegin);
  for (const sound of sounds.toSorted(byStart)) {
    horn.passTo(sound.occurrence.startsAtMs);
    horn.want(sound);
  }
  horn.passTo(Number.POSITIVE_INFINITY);
  return { stretches: horn.stretches, conflicts: horn.conflicts };
}

/** A sound that waits, and what is left of it. */
interface Turn {
  readonly sound: Sound;
  readonly leftMs: number;
  /** The latest instant at which it may get the horn. */
  readonly latestMs: number;
}

/** The sound on the horn. */
interface OnAir {
  readonly sound: Sound;
  readonly fromMs: number;
  readonly endsAtMs: number;
}

class Horn {
  readonly stretches: Stretch[] = [];
  readonly conflicts: Conflict[] = [];
  readonly #mayBegin: MayBegin;
  #waiting: readonly Turn[] = [];
  #onAir: OnAir | undefined;

  constructor(mayBegin: MayBegin) {
    this.#mayBegin = mayBegin;
  }

  /** Lets time pass: what ends by then ends, and what waits gets its turn. */
  passTo(instantMs: number): void {
    for (let ended = this.#endingBy(instantMs); ended; ended = this.#endingBy(instantMs)) {
      this.#leave(ended, ended.endsAtMs);
      this.#callNext(ended);
    }
  }

  /** A sound has come to its start. */
  want(sound: Sound): void {
    const { startsAtMs, plannedMs } = sound.occurrence;
    const current = this.#onAir;
    if (!current) {
      this.#onAir = { sound, fromMs: startsAtMs, endsAtMs: startsAtMs + plannedMs };
      return;
    }
    const waitMs = current.endsAtMs - startsAtMs + this.#aheadOf(sound);
    const meeting = meet(current.sound.rules, sound.rules, waitMs);
    this.#report(current.sound, sound, conflictReason(current.sound, sound, meeting, waitMs));
    if (meeting === 'gives-way') return;
    if (meeting === 'waits') {
      const latestMs = startsAtMs + longestWaitMs(sound.rules);
      this.#waiting = [...this.#waiting, { sound, leftMs: plannedMs, latestMs }];
      return;
    }
    this.#interrupt(current, startsAtMs);
    this.#onAir = { sound, fromMs: startsAtMs, endsAtMs: startsAtMs + plannedMs };
  }

  #endingBy(instantMs: number): OnAir | undefined {
    return this.#onAir && this.#onAir.endsAtMs <= instantMs ? this.#onAir : undefined;
  }

  #leave({ sound, fromMs }: OnAir, untilMs: number): void {
    if (untilMs > fromMs) this.stretches.push({ sound, fromMs, untilMs });
    this.#onAir = undefined;
  }

  #interrupt(beaten: OnAir, atMs: number): void {
    this.#leave(beaten, atMs);
    const { sound, endsAtMs } = beaten;
    if (sound.rules.preempted === 'drop') return;
    const leftMs = sound.rules.preempted === 'resume' ? endsAtMs - atMs : sound.occurrence.plannedMs;
    this.#waiting = [...this.#waiting, { sound, leftMs, latestMs: Number.POSITIVE_INFINITY }];
  }

  /** Gives the horn to what goes before the others that wait, and may still begin. */
  #callNext(ended: OnAir): void {
    const atMs = ended.endsAtMs;
    for (let next = this.#take(); next; next = this.#take()) {
      const endsAtMs = endOf(next, atMs);
      const reason = this.#refusal(next, atMs, endsAtMs);
      if (!reason) {
        this.#onAir = { sound: next.sound, fromMs: atMs, endsAtMs };
        return;
      }
      this.#report(ended.sound, next.sound, reason);
    }
  }

  #refusal({ sound, latestMs }: Turn, atMs: number, endsAtMs: number): ConflictReason | undefined {
    if (atMs > latestMs) return { code: 'gives-way' };
    if (endsAtMs <= atMs) return { code: 'slot-over' };
    return this.#mayBegin(sound, atMs, endsAtMs - atMs);
  }

  #take(): Turn | undefined {
    const [next] = this.#waiting.toSorted((a, b) => byStartAfterPrecedence(a.sound, b.sound));
    this.#waiting = this.#waiting.filter((turn) => turn !== next);
    return next;
  }

  /** How long those take that already wait and do not go after a newcomer. */
  #aheadOf(newcomer: Sound): number {
    return this.#waiting
      .filter(({ sound }) => comparePrecedence(sound.rules, newcomer.rules) >= 0)
      .reduce((total, { leftMs }) => total + leftMs, 0);
  }

  #report(first: Sound, second: Sound, reason: ConflictReason): void {
    const { clusterId, id } = second.occurrence;
    this.conflicts.push({ clusterId, firstId: first.occurrence.id, secondId: id, reason });
  }
}

/** What fades ends with its slot, however late it began; the rest is heard to its end. */
function endOf({ sound: { occurrence, rules }, leftMs }: Turn, atMs: number): number {
  const slotEndsMs = occurrence.startsAtMs + occurrence.plannedMs;
  return rules.end.kind === 'fade' ? Math.min(atMs + leftMs, slotEndsMs) : atMs + leftMs;
}

function byStartAfterPrecedence(a: Sound, b: Sound): number {
  return comparePrecedence(b.rules, a.rules) || byStart(a, b);
}

function conflictReason(
  first: Sound,
  second: Sound,
  meeting: ReturnType<typeof meet>,
  waitMs: number,
): ConflictReason {
  const isTie = second.rules.class === 'priority' && comparePrecedence(first.rules, second.rules) === 0;
  if (isTie) return { code: 'needs-choice' };
  return meeting === 'waits' ? { code: meeting, waitMs } : { code: meeting };
}
