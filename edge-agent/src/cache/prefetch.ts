import type { RefusalCode, SoundRef } from '@loa/contract';
import { type Clock, errorCode, type Logger, MAX_SLEEP_MS, type Part, type Sha256 } from '@loa/kernel';
import type { Journal } from '../journal/journal.ts';
import { createListeners } from '../listeners.ts';
import type { Download } from './download.ts';
import type { MediaFolder } from './media-folder.ts';

/** A sound that something planned needs, and when. */
export interface WantedSound extends SoundRef {
  readonly neededAtMs: number;
}

/** Keeps the sounds of plans, acts and pins on the box before they are needed, the soonest first. */
export interface Prefetch extends Part {
  /** Says what is needed now, whole: what is in no list any more may go when room is short. */
  want(source: string, sounds: readonly WantedSound[]): void;
  /** Returns the file of a sound, or `undefined` while it is not held. */
  path(sound: Sha256): string | undefined;
  /** A held file could not be decoded: when it is damaged it is deleted and fetched again. */
  distrust(sound: Sha256): Promise<void>;
  onHeld(listener: (sound: Sha256) => void): () => void;
}

/** A wrong hash is tried again so often, with growing pauses, then only when the plan changes. */
const WRONG_HASH_TRIES = 5;
const LONGEST_PAUSE_MS = 5 * 60_000;

interface Trouble {
  tries: number;
  wrong: number;
  retryAtMs: number;
}

/** Creates the prefetcher: one download at a time, as fits a thin line. */
export function createPrefetch({
  folder,
  download,
  journal,
  budgetBytes,
  firstPauseMs = 1_000,
  clock,
  log,
}: {
  readonly folder: MediaFolder;
  readonly download: Download;
  readonly journal: Journal;
  readonly budgetBytes: () => number;
  /** After the first failure; doubles with each further one. */
  readonly firstPauseMs?: number;
  readonly clock: Clock;
  readonly log: Logger;
}): Prefetch {
  const lists = new Map<string, readonly WantedSound[]>();
  const troubles = new Map<Sha256, Trouble>();
  const heard = createListeners<Sha256>();
  const nowMs = () => clock.now().epochMilliseconds;
  let life: AbortController | undefined;
  let loop: Promise<void> | undefined;
  let wake = Promise.withResolvers<void>();

  const wanted = () => [...lists.values()].flat().sort((a, b) => a.neededAtMs - b.neededAtMs);
  const failed = (sound: SoundRef, code: RefusalCode) => {
    log.warn({ sound: sound.sha256, code }, 'a sound could not be fetched');
    journal.append({ kind: 'media', sha256: sound.sha256, state: 'failed', code });
  };

  /** Lets go of sounds that nobody wants, least recently used first. Returns whether `sound` fits now. */
  const makeRoom = async (sound: WantedSound): Promise<boolean> => {
    const keep = new Set(wanted().map(({ sha256 }) => sha256));
    for (const oldest of folder.oldestFirst()) {
      if (folder.usedBytes() + sound.bytes <= budgetBytes()) break;
      if (keep.has(oldest.sound)) continue;
      await folder.remove(oldest.sound);
      journal.append({ kind: 'media', sha256: oldest.sound, state: 'evicted', code: null });
    }
    return folder.usedBytes() + sound.bytes <= budgetBytes();
  };

  const fetchOne = async (sound: WantedSound, signal: AbortSignal) => {
    const trouble = troubles.get(sound.sha256) ?? { tries: 0, wrong: 0, retryAtMs: 0 };
    troubles.set(sound.sha256, trouble);
    try {
      if (!(await makeRoom(sound))) {
        trouble.retryAtMs = Number.POSITIVE_INFINITY;
        return failed(sound, 'media/too-large');
      }
      await download(sound, folder.partial(sound.sha256), { signal });
      if (await folder.admit(sound.sha256, nowMs())) {
        troubles.delete(sound.sha256);
        journal.append({ kind: 'media', sha256: sound.sha256, state: 'held', code: null });
        return heard.emit(sound.sha256);
      }
      trouble.wrong++;
      failed(sound, 'media/hash-differs');
    } catch (error) {
      if (signal.aborted) return;
      const code = errorCode(error);
      if (code === 'media/hash-differs') trouble.wrong++;
      // One line per outage, not one per try.
      if (code === 'media/hash-differs' || (code === 'media/not-found' && trouble.tries === 0))
        failed(sound, code);
      else log.debug({ err: error, sound: sound.sha256 }, 'a download was cut and will go on');
    }
    trouble.tries++;
    trouble.retryAtMs =
      trouble.wrong >= WRONG_HASH_TRIES
        ? Number.POSITIVE_INFINITY
        : clock.monotonicMs() + Math.min(LONGEST_PAUSE_MS, firstPauseMs * 2 ** (trouble.tries - 1));
  };

  const nextDue = () =>
    wanted().find(
      ({ sha256 }) =>
        folder.path(sha256) === undefined && (troubles.get(sha256)?.retryAtMs ?? 0) <= clock.monotonicMs(),
    );

  const run = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      wake = Promise.withResolvers<void>();
      const due = nextDue();
      if (due) {
        await fetchOne(due, signal).catch((error: unknown) => {
          log.error({ err: error }, 'the media cache stumbled and goes on');
          troubles.set(due.sha256, { tries: 1, wrong: 0, retryAtMs: clock.monotonicMs() + LONGEST_PAUSE_MS });
        });
        continue;
      }
      const soonestMs = Math.min(
        MAX_SLEEP_MS,
        ...[...troubles.values()].map((t) => t.retryAtMs - clock.monotonicMs()),
      );
      const rest = new AbortController();
      await Promise.race([
        wake.promise,
        clock
          .sleep(Math.max(1, soonestMs), { signal: AbortSignal.any([signal, rest.signal]) })
          .catch(() => {}), // woken or stopped
      ]);
      rest.abort();
    }
  };

  return {
    name: 'media',
    onHeld: heard.on,
    path: (sound) => folder.path(sound),
    start() {
      if (life) return;
      life = new AbortController();
      loop = run(life.signal).catch((error: unknown) =>
        log.error({ err: error }, 'the media cache stopped working'),
      );
    },
    async stop() {
      life?.abort();
      life = undefined;
      wake.resolve();
      await loop;
    },
    want(source, sounds) {
      lists.set(source, sounds);
      const names = new Set(wanted().map(({ sha256 }) => sha256));
      for (const [sound, trouble] of troubles)
        if (!names.has(sound) || trouble.retryAtMs === Number.POSITIVE_INFINITY) troubles.delete(sound);
      for (const { sha256, neededAtMs } of sounds) if (folder.path(sha256)) folder.touch(sha256, neededAtMs);
      wake.resolve();
    },
    async distrust(sound) {
      journal.append({ kind: 'media', sha256: sound, state: 'failed', code: 'media/unreadable' });
      if (!(await folder.isIntact(sound))) await folder.remove(sound);
      wake.resolve();
    },
  };
}
