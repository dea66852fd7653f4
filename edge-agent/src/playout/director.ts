import type { MessageOf } from '@loa/contract';
import {
  type Clock,
  type Logger,
  MAX_SLEEP_MS,
  type OccurrenceId,
  type Part,
  type Sha256,
} from '@loa/kernel';
import { meet, ON_TIME_MS, type Reason } from '@loa/schedules';
import type { TimeReading } from '../clock/timekeeper.ts';
import type { Journal } from '../journal/journal.ts';
import type { HeldStates } from '../orders/held-states.ts';
import { type Cue, cueOfAct, soundsOf } from './cue.ts';
import { type CutReason, cutUnheard, unheard } from './ending.ts';
import { createHoldKeeper } from './hold-keeper.ts';
import { createInterrupted, type Interruption } from './interrupted.ts';
import type { Ending, OccurrenceStore } from './occurrence-store.ts';
import { permissionFor } from './permission.ts';
import type { Playback } from './playback.ts';
import type { Appearance, Appearing, createStage, StageResult } from './stage.ts';
import { stepsOf } from './steps.ts';
import { createWaitingRoom, deadlineOf, type Waiting } from './waiting-room.ts';

/** Decides what sounds on this horn, when, and says what became of it. */
export interface Director extends Part {
  /** An act that was proven, taken into the inbox and answered. */
  play(act: MessageOf<'play'>): void;
  cancel(actId: string): void;
  state(): { readonly playing: boolean; readonly held: boolean };
}

/** What the director needs of the media cache. */
export interface Media {
  path(sound: Sha256): string | undefined;
  want(
    source: string,
    sounds: readonly { sha256: Sha256; bytes: number; durationMs: number; neededAtMs: number }[],
  ): void;
  onHeld(listener: () => void): () => void;
}

/** Decoding, claiming and the fsync under it are done this long before the common instant. */
const PREPARE_MS = 1_500;
/** How soon something is looked at again that is due and cannot begin. */
const OBSTACLE_MS = 500;
const RETRY_POWER_MS = 2_000;
const DAY_MS = 26 * 3_600_000;

/** Creates the director of one horn. */
export function createDirector({
  held,
  store,
  journal,
  media,
  player,
  stage,
  time,
  warmUpMs,
  firstWelcomeMs,
  bootId,
  clock,
  log,
}: {
  readonly held: HeldStates;
  readonly store: OccurrenceStore;
  readonly journal: Journal;
  readonly media: Media;
  readonly player: Playback;
  readonly stage: ReturnType<typeof createStage>;
  readonly time: { read(): TimeReading; onChange(listener: () => void): () => void };
  readonly warmUpMs: () => number;
  readonly firstWelcomeMs: () => number | undefined;
  readonly bootId: string;
  readonly clock: Clock;
  readonly log: Logger;
}): Director {
  const room = createWaitingRoom();
  const onStage = new Set<Appearance>();
  /** The one that has the horn; others on stage only fade out. */
  let horn: Appearance | undefined;
  let life: AbortController | undefined;
  let loop: Promise<void> | undefined;
  let wake = Promise.withResolvers<void>();
  let startedMonotonicMs = 0;
  /** Since when the box has known the time; `undefined` while it does not. */
  let knownSinceMs: number | undefined;
  let stopListening: readonly (() => void)[] = [];

  const nowMs = () => time.read().nowMs;
  const nudge = () => wake.resolve();
  const interrupted = createInterrupted({ store, nowMs });
  const holds = createHoldKeeper({ hold: held.hold, time, journal });
  const close = (cue: Cue, ending: Ending) => {
    if (store.close(cue, ending, nowMs()))
      log.info(
        { occurrence: cue.id, result: ending.result, reason: ending.reason },
        'a broadcast did not sound',
      );
    if (cue.origin.kind === 'act') media.want(`act ${cue.origin.actId}`, []);
  };

  /** What is being prepared has no claim yet, and must not be waited for a second time (P4). */
  const isTaken = (id: OccurrenceId) => store.isKnown(id) || [...onStage].some(({ cue }) => cue.id === id);

  /** Tells whether the plan that is held leaves out something of its own span. */
  const isWithdrawn = ({ id, origin, startsAtMs }: Cue) => {
    const content = held.plan()?.content;
    if (!content || origin.kind !== 'plan' || startsAtMs < content.fromMs) return false;
    return !content.occurrences.some((occurrence) => occurrence.id === id);
  };

  const onPlan = () => {
    const plan = held.plan();
    if (!plan) return;
    for (const left of room.adopt(plan, isTaken)) close(left.cue, missedEnding(left));
    for (const { cue, cut } of onStage) if (isWithdrawn(cue)) cut('withdrawn');
  };

  /** Says why something due was not begun in time. */
  const missedEnding = ({ cue, obstacle }: Waiting): Ending => {
    if (obstacle) {
      const result = obstacle.reason === 'quiet-hours' ? 'skipped' : 'missed';
      return unheard(result, obstacle.reason, obstacle.detail);
    }
    const startedMs = nowMs() - (clock.monotonicMs() - startedMonotonicMs);
    const reason: Reason =
      cue.startsAtMs < startedMs
        ? 'slept-through'
        : cue.startsAtMs < (knownSinceMs ?? 0)
          ? 'clock-untrusted'
          : 'too-late';
    return unheard('missed', reason);
  };

  const begin = (waiting: Waiting | undefined, appearing: Appearing) => {
    const appearance = stage.appear(appearing);
    onStage.add(appearance);
    horn = appearance;
    void appearance.result
      .then((result) => ended(appearing, result, waiting))
      .catch((error: unknown) => log.error({ err: error, occurrence: appearing.cue.id }, 'playing failed'))
      .finally(() => {
        onStage.delete(appearance);
        if (horn === appearance) horn = undefined;
        nudge();
      });
  };

  /** What was heard in part goes on after what pre-empted it; for any other reason it is over. */
  const setAside = (interruption: Interruption, reason: CutReason) => {
    if (reason !== 'pre-empted') return interrupted.close(interruption, reason);
    return life ? interrupted.add(interruption) : interrupted.close(interruption, 'agent-stopped');
  };

  const ended = ({ cue, before }: Appearing, result: StageResult, waiting: Waiting | undefined) => {
    if (result.kind === 'suspended') return setAside({ cue, airing: result.airing }, 'pre-empted');
    if (result.kind === 'closed') {
      if (cue.origin.kind === 'act') media.want(`act ${cue.origin.actId}`, []);
      return;
    }
    if (before) return setAside({ cue, airing: before }, result.cut ?? 'amplifier');
    if (result.cut && result.cut !== 'pre-empted' && result.cut !== 'agent-stopped')
      return close(cue, cutUnheard(result.cut));
    if (!waiting || !life) return; // not begun: after the next start it is looked at again
    room.add(cue);
    const again = room.due(Number.POSITIVE_INFINITY).find((entry) => entry.cue === cue);
    if (!again) return;
    again.isInTurn = result.cut === 'pre-empted' || waiting.isInTurn;
    if (result.cut === undefined) {
      again.obstacle = { reason: result.obstacle, detail: '' };
      again.retryAtMs = clock.monotonicMs() + RETRY_POWER_MS;
    }
  };

  const askPermission = (cue: Cue, atMs: number) =>
    permissionFor(cue, {
      startsAtMs: atMs,
      policy: held.policy(),
      config: held.config(),
      keys: held.keys(),
      usedToday: store.airedSince(atMs - DAY_MS),
    });

  /** Looks at one due cue: begins it, closes it, or leaves it with what stands in its way. */
  const consider = (waiting: Waiting) => {
    const { cue } = waiting;
    const at = Math.max(nowMs(), cue.startsAtMs);
    const finish = (ending: Ending) => {
      room.remove(cue.id);
      close(cue, ending);
    };
    const wait = (reason: Reason, detail = '') => {
      waiting.obstacle = { reason, detail };
    };
    const isPlanned = cue.origin.kind === 'plan';
    const firstMs = firstWelcomeMs();
    if (isPlanned && firstMs !== undefined && cue.startsAtMs < firstMs)
      return finish(unheard('skipped', 'before-first-welcome'));
    if (nowMs() > deadlineOf(waiting)) return finish(missedEnding(waiting));
    if (waiting.retryAtMs > clock.monotonicMs()) return;
    if (holds.covers(cue.rules.class, at)) return finish(unheard('skipped', 'hold'));
    // On time, the hours are asked of the planned start: what ends exactly with them may begin a moment late.
    const permission = askPermission(cue, at - cue.startsAtMs <= ON_TIME_MS ? cue.startsAtMs : at);
    if (!permission.allowed) {
      if (!held.policy()) return wait(permission.reason, permission.detail);
      return finish(unheard('skipped', permission.reason, permission.detail));
    }
    const steps = stepsOf(cue, media.path);
    if (steps.kind === 'no-link') return finish(unheard('missed', 'no-link', 'a relay without fallback'));
    if (steps.kind === 'no-media') return wait('no-media', `${steps.missing} sounds are not on the box`);
    const sink = player.sinkState().kind;
    if (sink !== 'ready') return wait(sink === 'lost' ? 'sink-lost' : 'no-sink');
    if (horn) {
      const freeInMs = Math.max(0, horn.cue.startsAtMs + horn.cue.plannedMs - nowMs());
      const meeting = meet(horn.cue.rules, cue.rules, freeInMs);
      if (meeting === 'gives-way')
        return finish(unheard('missed', 'pre-empted', `${horn.cue.id} has the horn`));
      waiting.isInTurn = true;
      if (meeting === 'waits') return wait('too-late', `${horn.cue.id} has the horn`);
      horn.cut('pre-empted');
    }
    room.remove(cue.id);
    begin(waiting, { cue, ...steps, gainDb: permission.gainDb });
  };

  /** Lets what was pre-empted go on when the horn is free. */
  const resume = () => {
    interrupted.closeWhere('withdrawn', isWithdrawn); // here, because what is left out may still be fading out
    interrupted.closeWhere('hold', ({ rules }) => holds.covers(rules.class, nowMs()));
    interrupted.closeOverdue();
    if (horn || interrupted.isEmpty() || player.sinkState().kind !== 'ready') return;
    const next = interrupted.takeFirst();
    if (!next) return;
    const { cue, airing } = next;
    const steps = stepsOf(cue, media.path);
    const permission = askPermission(cue, nowMs());
    if (!permission.allowed || steps.kind !== 'steps') return interrupted.close(next, 'pre-empted');
    begin(undefined, { cue, ...steps, gainDb: permission.gainDb, before: airing });
  };

  const leadMs = () => warmUpMs() + PREPARE_MS;

  /** One look at everything. Returns how long nothing needs to be done. */
  const look = (): number => {
    holds.obey(onStage);
    if (time.read().state === 'untrusted') {
      knownSinceMs = undefined;
      return MAX_SLEEP_MS;
    }
    knownSinceMs ??= nowMs();
    const due = room.due(nowMs() + leadMs());
    for (const waiting of due) consider(waiting);
    resume();
    const isBlocked = room.due(nowMs() + leadMs()).length > 0 || !interrupted.isEmpty();
    const nextMs = Math.min(room.nextStartMs(nowMs() + leadMs()) - leadMs(), holds.nextChangeMs());
    return Math.min(MAX_SLEEP_MS, isBlocked ? OBSTACLE_MS : MAX_SLEEP_MS, Math.max(1, nextMs - nowMs()));
  };

  const run = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      wake = Promise.withResolvers<void>();
      let restMs = OBSTACLE_MS;
      try {
        restMs = look();
      } catch (error) {
        log.error({ err: error }, 'the director stumbled and looks again');
      }
      const rest = new AbortController();
      await Promise.race([
        wake.promise,
        clock.sleep(restMs, { signal: AbortSignal.any([signal, rest.signal]) }).catch(() => {}), // woken or stopped
      ]);
      rest.abort();
    }
  };

  /** What a crash or a power cut left open was begun and not finished: that much is certain (P3). */
  const closeWhatWasLeft = () => {
    for (const { id, origin, plannedAtMs, broadcastClass, bootId: thatBoot } of store.openClaims()) {
      const reason: Reason = thatBoot === bootId ? 'agent-stopped' : 'no-power';
      store.close(
        { id, origin, startsAtMs: plannedAtMs, rules: { class: broadcastClass } },
        { ...unheard('partial', reason), detail: 'it was begun; how much was heard is not known' },
        nowMs(),
      );
    }
  };

  return {
    name: 'director',
    state: () => ({ playing: onStage.size > 0, held: holds.isAny() }),
    start() {
      if (life) return;
      life = new AbortController();
      startedMonotonicMs = clock.monotonicMs();
      closeWhatWasLeft();
      onPlan();
      stopListening = [
        held.onChange((kind) => {
          if (kind === 'plan') onPlan();
          if (kind === 'hold') holds.renew();
          nudge();
        }),
        media.onHeld(nudge),
        time.onChange(nudge),
      ];
      loop = run(life.signal);
    },
    async stop() {
      for (const end of stopListening) end();
      stopListening = [];
      life?.abort();
      life = undefined;
      nudge();
      await loop;
      interrupted.closeWhere('agent-stopped', () => true);
      const leaving = [...onStage];
      for (const { cut } of leaving) cut('agent-stopped');
      await Promise.allSettled(leaving.map(({ result }) => result));
    },
    play(act) {
      const cue = cueOfAct(act, nowMs());
      if (isTaken(cue.id)) return;
      media.want(
        `act ${act.id}`,
        soundsOf(cue).map((sound) => ({ ...sound, neededAtMs: 0 })),
      );
      room.add(cue);
      nudge();
    },
    cancel(actId) {
      const isIt = ({ origin }: Cue) => origin.kind === 'act' && origin.actId === actId;
      for (const { cue, cut } of onStage) if (isIt(cue)) cut('cancelled');
      for (const { cue } of room.due(Number.POSITIVE_INFINITY))
        if (isIt(cue)) {
          room.remove(cue.id);
          close(cue, unheard('skipped', 'cancelled'));
        }
      interrupted.closeWhere('cancelled', isIt);
    },
  };
}
