import type { Clock, Logger, Part } from '@loa/kernel';
import { freshNonce } from '../link/greeter.ts';
import type { Link } from '../link/link.ts';
import type { Timekeeper } from './timekeeper.ts';

/** Gets signed time over the link: now and then, at once after a jump, and when something cannot be judged without it. */
export interface TimeAsker extends Part {
  /** Resolves when an answer was taken, or after 2 s without one. */
  ask(): Promise<void>;
  /** Returns when the question with this nonce was asked; each nonce is good for one answer. */
  answered(nonce: string): number | undefined;
  /** Something was learned about the time, by whatever way: those who wait go on. */
  settled(): void;
}

const PATIENCE_MS = 2_000;
/** 40 ppm make 144 ms in an hour: well inside what is trusted. */
const EVERY_MS = 3_600_000;
const WHILE_UNSURE_MS = 30_000;
const LOOK_MS = 10_000;
const NONCES_REMEMBERED = 8;

/** Creates the asker of signed time. */
export function createTimeAsker({
  link,
  time,
  clock,
  log,
}: {
  readonly link: Link;
  readonly time: Timekeeper;
  readonly clock: Clock;
  readonly log: Logger;
}): TimeAsker {
  let asked = new Map<string, number>();
  let lastAskedMs = Number.NEGATIVE_INFINITY;
  let waiting = Promise.withResolvers<void>();
  let life: AbortController | undefined;
  let stopListening = () => {};

  const send = async () => {
    const nonce = freshNonce();
    lastAskedMs = clock.monotonicMs();
    asked.set(nonce, lastAskedMs);
    if (asked.size > NONCES_REMEMBERED) asked = new Map([...asked].slice(1));
    await link.publish('time/req', JSON.stringify({ v: 1, nonce }));
  };
  const trySend = () =>
    send().catch((error: unknown) => log.debug({ err: error }, 'signed time could not be asked for'));

  return {
    name: 'time asker',
    start() {
      if (life) return;
      life = new AbortController();
      const { signal } = life;
      stopListening = time.onChange(({ stepMs, to }) => {
        if ((stepMs !== 0 || to !== 'trusted') && link.isOnline()) void trySend();
      });
      void (async () => {
        for (;;) {
          await clock.sleep(LOOK_MS, { signal });
          const everyMs = time.read().state === 'trusted' ? EVERY_MS : WHILE_UNSURE_MS;
          if (link.isOnline() && clock.monotonicMs() - lastAskedMs >= everyMs) await trySend();
        }
      })().catch(() => {}); // stopped
    },
    stop() {
      stopListening();
      life?.abort();
      life = undefined;
    },
    async ask() {
      const limit = new AbortController();
      void trySend();
      await Promise.race([
        waiting.promise,
        clock.sleep(PATIENCE_MS, { signal: limit.signal }).catch(() => {}),
      ]);
      limit.abort();
    },
    answered(nonce) {
      const at = asked.get(nonce);
      asked.delete(nonce);
      return at;
    },
    settled() {
      waiting.resolve();
      waiting = Promise.withResolvers();
    },
  };
}
