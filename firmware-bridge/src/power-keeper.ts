import type { Clock, Logger } from '@loa/kernel';
import type { Amplifier } from './amplifier.ts';
import { MAX_LEASE_MS } from './amplifier-state.schema.ts';
import { AmplifierError } from './errors.ts';
import { checkedLeaseMs, checkedRenewEveryMs } from './limits.ts';
import type { PowerKeeper, PowerState } from './power-lease.ts';
import { aborted, within } from './within.ts';

interface Claim {
  readonly holder: string;
  readonly lost: AbortController;
}

const toAmplifierError = (error: unknown) =>
  error instanceof AmplifierError
    ? error
    : new AmplifierError('amplifier/no-reply', 'the amplifier driver failed', { cause: error });

/** Creates the keeper of one amplifier. Start it after the amplifier, so that it stops before. */
export function createPowerKeeper({
  amplifier,
  clock,
  log,
  renewEveryMs = 1_000,
  leaseMs = MAX_LEASE_MS,
  warmUpMs = 0,
}: {
  readonly amplifier: Amplifier;
  readonly clock: Clock;
  readonly log: Logger;
  /** Three of these must fit into one lease, so that a lost command can be repeated. Default 1000. */
  readonly renewEveryMs?: number;
  /** How long the device stays on without us: 1 to 5000. Default 5000. */
  readonly leaseMs?: number;
  /** From "reads back as on" to "may be heard": relays click and rails charge. Default 0. */
  readonly warmUpMs?: number;
}): PowerKeeper {
  checkedRenewEveryMs(renewEveryMs, checkedLeaseMs(leaseMs));
  const tryMs = 2 * renewEveryMs; // a slow bus may take longer than one beat, a hung one must leave time for another try
  const claims = new Set<Claim>();
  let life = AbortSignal.abort();
  let endLife = () => {};
  let loop: Promise<void> | undefined;
  let turn = new AbortController();
  /** Settles when what is wanted now, on or off, is reached or given up, or is no longer wanted. */
  let goal = Promise.withResolvers<void>();
  /** On: until when the power is certain, or patience lasts. Off: until when patience lasts. */
  let deadlineMs = 0;
  let power: PowerState['power'] = 'off';
  let onSinceMs = 0;
  let fault: AmplifierError | undefined;

  const wantsOn = () => claims.size > 0;
  const leftMs = () => deadlineMs - clock.monotonicMs();

  const takeBack = (cause: AmplifierError) => {
    const reason = new AmplifierError(
      'amplifier/lease-lost',
      `the amplifier's power was lost: ${cause.message}`,
      { cause, details: { reason: cause.code } },
    );
    const former = [...claims];
    claims.clear();
    if (!life.aborted) want(); // before anybody hears of it: a holder may ask again at once
    for (const claim of former) claim.lost.abort(reason);
  };

  const command = async (signal: AbortSignal) => {
    const sentMs = clock.monotonicMs();
    const isForOn = wantsOn();
    // Certain only for a lease counted from before the command: the device may have started its timer at once.
    if (isForOn)
      await within(Math.min(tryMs, leftMs()), { clock, signal }, (s) =>
        amplifier.powerOn({ leaseMs, signal: s }),
      );
    else await within(tryMs, { clock, signal }, (s) => amplifier.powerOff({ signal: s }));
    signal.throwIfAborted(); // done, but something else is wanted by now
    deadlineMs = isForOn ? sentMs + leaseMs : Number.POSITIVE_INFINITY;
    if (isForOn && power !== 'on') onSinceMs = clock.monotonicMs();
    power = isForOn ? 'on' : 'off';
    fault = undefined;
    goal.resolve();
  };

  const giveUp = () => {
    const cause = fault ?? new AmplifierError('amplifier/no-reply', 'the amplifier did not answer');
    power = 'unknown';
    if (wantsOn()) {
      log.warn(
        { code: cause.code, holders: [...claims].map(({ holder }) => holder) },
        'amplifier power lost',
      );
      goal.reject(cause);
      takeBack(cause);
    } else {
      log.error(
        { code: cause.code, failSafe: amplifier.failSafe },
        'the amplifier does not confirm that it is off',
      );
      goal.resolve();
      deadlineMs = Number.POSITIVE_INFINITY; // said once; trying goes on
    }
  };

  const run = async () => {
    while (!life.aborted && (wantsOn() || power !== 'off')) {
      turn = new AbortController();
      const signal = AbortSignal.any([turn.signal, life]);
      const beganMs = clock.monotonicMs();
      try {
        await command(signal);
      } catch (error) {
        if (signal.aborted) {
          power = 'unknown'; // the interrupted command may have been obeyed
          continue;
        }
        fault = toAmplifierError(error);
        log.debug({ code: fault.code, wantsOn: wantsOn() }, 'an amplifier command failed');
        if (power !== 'on' || !wantsOn()) power = 'unknown';
        if (wantsOn() && !fault.retryable) deadlineMs = beganMs;
      }
      const restMs = Math.min(beganMs + renewEveryMs - clock.monotonicMs(), leftMs());
      const isDone = !wantsOn() && power === 'off';
      // The sleep ends early when something else is wanted.
      if (restMs > 0 && !isDone) await clock.sleep(restMs, { signal }).catch(() => {});
      if (leftMs() <= 0) giveUp();
    }
    loop = undefined;
  };

  /** Begins to want on or off, as the claims say. */
  const want = () => {
    goal.resolve();
    goal = Promise.withResolvers();
    goal.promise.catch(() => {}); // nobody may be waiting any more
    deadlineMs = clock.monotonicMs() + leaseMs;
    turn.abort();
    loop ??= run();
  };

  /** Returns whether it was the last to let go. */
  const letGo = (claim: Claim) => {
    const isLast = claims.delete(claim) && !wantsOn();
    if (isLast) want();
    return isLast;
  };

  return {
    name: 'power keeper',
    start() {
      if (!life.aborted) return;
      const controller = new AbortController();
      life = controller.signal;
      endLife = () => controller.abort();
      if (amplifier.failSafe === 'none')
        log.warn(
          { amplifier: amplifier.name },
          'this amplifier stays on when the box fails: it has no timer of its own',
        );
    },
    async stop(stopSignal) {
      if (life.aborted) return;
      endLife();
      takeBack(new AmplifierError('amplifier/not-started', 'the power keeper was stopped'));
      goal.resolve();
      await loop;
      if (power === 'off') return;
      try {
        await within(tryMs, { clock, signal: stopSignal }, (signal) => amplifier.powerOff({ signal }));
        power = 'off';
      } catch (error) {
        log.error({ code: toAmplifierError(error).code }, 'the amplifier does not confirm that it is off');
      }
    },
    async acquire(holder, { signal } = {}) {
      signal?.throwIfAborted();
      if (life.aborted)
        throw new AmplifierError('amplifier/not-started', 'the power keeper is not started, or was stopped');
      const claim: Claim = { holder, lost: new AbortController() };
      const ends = signal ? AbortSignal.any([signal, claim.lost.signal]) : claim.lost.signal;
      claims.add(claim);
      if (claims.size === 1) want();
      try {
        await Promise.race([goal.promise, aborted(ends)]);
        const warmMs = onSinceMs + warmUpMs - clock.monotonicMs();
        if (warmMs > 0) await clock.sleep(warmMs, { signal: ends });
      } catch (error) {
        letGo(claim);
        throw error;
      }
      return {
        holder,
        lost: claim.lost.signal,
        async release() {
          if (letGo(claim)) await goal.promise;
        },
      };
    },
    state: () => ({
      power,
      holders: [...claims].map(({ holder }) => holder),
      leaseLeftMs: power === 'on' ? Math.max(0, leftMs()) : 0,
      ...(fault ? { fault: fault.code } : {}),
    }),
  };
}
