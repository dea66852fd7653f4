import { setTimeout as delay } from 'node:timers/promises';
import { type Clock, MAX_SLEEP_MS } from './clock.ts';

/** The machine's own clocks. The only file that may touch `performance`, timers and `Temporal.Now`. */
export const systemClock: Clock = {
  now: () => Temporal.Now.instant(),
  monotonicMs: () => performance.now(),
  async sleep(ms, { signal } = {}) {
    const untilMs = performance.now() + Math.max(0, ms);
    const leftMs = () => Math.min(Math.max(0, untilMs - performance.now()), MAX_SLEEP_MS);
    try {
      // Node's timers fire up to 1.2 ms early (measured) and at once beyond 2^31 ms: ask again until it is time.
      do await delay(leftMs(), undefined, signal ? { signal } : {});
      while (performance.now() < untilMs);
    } catch (cause) {
      throw signal?.aborted ? signal.reason : cause;
    }
  },
};
