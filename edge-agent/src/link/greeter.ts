import { randomBytes } from 'node:crypto';
import type { Hello } from '@loa/contract';
import type { Clock, Logger, Part } from '@loa/kernel';
import { fullJitterMs, type Random } from './back-off.ts';
import type { Link } from './link.ts';

/** Says hello after each connection, again and again, until the controller welcomes it. */
export interface Greeter extends Part {
  isWelcomed(): boolean;
  /**
   * Returns when the hello with this nonce was sent, or `undefined` when this connection sent none: such a welcome is
   * ignored. `isFirst` tells the answer that is fresh enough to tell the time.
   */
  welcome(nonce: string): { readonly sentMonotonicMs: number; readonly isFirst: boolean } | undefined;
}

/** Returns 128 random bits in base64url. */
export const freshNonce = (): string => randomBytes(16).toString('base64url');

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 30_000;
/** A controller that answers nothing for so many hellos may be a broker that lost our subscriptions. */
const HELLOS_BEFORE_REBUILD = 10;
const NONCES_REMEMBERED = 8;

/** Creates the greeter of a link. */
export function createGreeter({
  link,
  makeHello,
  clock,
  log,
  random,
}: {
  readonly link: Link;
  readonly makeHello: (nonce: string) => Hello;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: Random;
}): Greeter {
  let sent = new Map<string, number>();
  let isWelcomed = false;
  let turn = new AbortController();
  let stopListening: (() => void) | undefined;

  const greet = async (signal: AbortSignal) => {
    for (let tries = 1; !signal.aborted && !isWelcomed; tries++) {
      const nonce = freshNonce();
      sent.set(nonce, clock.monotonicMs());
      if (sent.size > NONCES_REMEMBERED) sent = new Map([...sent].slice(1));
      await link
        .publish('hello', JSON.stringify(makeHello(nonce)), { signal })
        .catch((error: unknown) => log.debug({ err: error }, 'a hello could not be sent'));
      const ceilingMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
      await clock.sleep(ceilingMs / 2 + fullJitterMs(0, { baseMs: ceilingMs / 2, random }), { signal });
      if (!isWelcomed && tries === HELLOS_BEFORE_REBUILD) link.rebuild(`${tries} hellos were not answered`);
    }
  };

  return {
    name: 'greeter',
    isWelcomed: () => isWelcomed,
    start() {
      stopListening ??= link.onChange((isOnline) => {
        turn.abort();
        isWelcomed = false;
        sent.clear();
        if (!isOnline) return;
        turn = new AbortController();
        void greet(turn.signal).catch(() => {}); // welcomed, or the connection is gone
      });
    },
    stop() {
      stopListening?.();
      stopListening = undefined;
      turn.abort();
    },
    welcome(nonce) {
      const sentMonotonicMs = sent.get(nonce);
      if (sentMonotonicMs === undefined) return undefined;
      const isFirst = !isWelcomed;
      isWelcomed = true;
      turn.abort();
      return { sentMonotonicMs, isFirst };
    },
  };
}
