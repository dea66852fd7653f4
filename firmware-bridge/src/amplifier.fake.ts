import type { Clock } from '@loa/kernel';
import type { Amplifier, Wait } from './amplifier.ts';
import type { AmplifierState } from './amplifier-state.schema.ts';
import { AmplifierError } from './errors.ts';
import { createFakeRelay, type PowerChange } from './fake-relay.ts';
import { checkedLeaseMs, clampedGainDb } from './limits.ts';
import { createSerialQueue } from './serial-queue.ts';

/** How long the fake driver waits for its device before it says amplifier/no-reply. */
export const FAKE_REPLY_TIMEOUT_MS = 500;

/**
 * `no-reply`: the command never arrives, as with a cut cable. `lost-reply`: it arrives and is obeyed, the answer is lost.
 * `refused`: the device says no. `stuck-relay`: it says yes and the contact does not move, nor falls.
 */
export type FakeFault = 'no-reply' | 'lost-reply' | 'refused' | 'stuck-relay';

/** What a test or a demonstration may make the fake device report. */
export type FakeReadings = Omit<AmplifierState, 'power' | 'leaseLeftMs' | 'gainDb'>;

/** The driver for a box without hardware, and the double for tests: a simulated device with its own lease timer. */
export interface FakeAmplifier extends Amplifier {
  /** Every move of the relay since creation, oldest first. */
  readonly history: readonly PowerChange[];
  /** Returns where the relay truly stands, also when the driver cannot reach it. */
  relay(): 'on' | 'off';
  /** Makes the next `times` calls (default all until `heal`) meet `fault`; several faults queue up. */
  fail(fault: FakeFault, options?: { readonly times?: number }): void;
  /** Ends every scripted fault. */
  heal(): void;
  /** Makes each answer take `ms` from now on; from 500 ms the driver gives up. */
  replyAfter(ms: number): void;
  /** Changes what the device reports. The fault `overheat` also opens the relay and keeps it open. */
  show(readings: Partial<FakeReadings>): void;
}

const notStarted = () =>
  new AmplifierError('amplifier/not-started', 'the amplifier driver is not started, or was stopped');

const confirmed = (wanted: 'on' | 'off', power: 'on' | 'off') => {
  if (power === wanted) return;
  throw new AmplifierError(
    'amplifier/not-confirmed',
    `the amplifier was told ${wanted} and still reads back as ${power}: look at its relay`,
    { details: { wanted, came: power } },
  );
};

/** Creates a fake amplifier: off, healthy, on mains, answering at once. */
export function createFakeAmplifier({
  clock,
  name = 'fake amplifier',
  failSafe = 'device-timer',
  gainRangeDb = { min: -60, max: 0 },
}: {
  readonly clock: Clock;
  readonly name?: string;
  readonly failSafe?: Amplifier['failSafe'];
  readonly gainRangeDb?: Amplifier['gainRangeDb'];
}): FakeAmplifier {
  const queue = createSerialQueue();
  const listeners = new Set<(state: AmplifierState) => void>();
  let script: { readonly fault: FakeFault; times: number }[] = [];
  let life = AbortSignal.abort(notStarted());
  let endLife = () => {};
  let replyMs = 0;
  let gainDb = gainRangeDb.max;
  let readings: FakeReadings = { line: { kind: 'ok' }, faults: [], supply: { source: 'mains' } };

  const relay = createFakeRelay({
    clock,
    // Without a timer in the device it is the driver that would open the relay, if it reached it.
    canFall: () =>
      script[0]?.fault !== 'stuck-relay' && (failSafe === 'device-timer' || script[0]?.fault !== 'no-reply'),
    moved: () => tell(),
  });
  const state = (): AmplifierState => ({
    power: relay.power(),
    ...(relay.power() === 'on' && failSafe === 'device-timer' ? { leaseLeftMs: relay.leaseLeftMs() } : {}),
    gainDb,
    ...readings,
  });
  const tell = () => {
    for (const listener of listeners) listener(state());
  };
  const nextFault = (): FakeFault | undefined => {
    const [first] = script;
    if (first && --first.times <= 0) script = script.slice(1);
    return first?.fault;
  };

  /** One command to the device and its answer. */
  const exchange = <T>(command: (isStuck: boolean) => T, signal: AbortSignal): Promise<T> =>
    queue.run(async () => {
      const fault = nextFault();
      const isObeyed = fault !== 'no-reply' && fault !== 'refused';
      const answer = isObeyed ? { value: command(fault === 'stuck-relay') } : undefined;
      const waitMs = fault === 'no-reply' || fault === 'lost-reply' ? FAKE_REPLY_TIMEOUT_MS : replyMs;
      if (waitMs > 0) await clock.sleep(Math.min(waitMs, FAKE_REPLY_TIMEOUT_MS), { signal });
      if (waitMs >= FAKE_REPLY_TIMEOUT_MS)
        throw new AmplifierError(
          'amplifier/no-reply',
          `the amplifier did not answer within ${FAKE_REPLY_TIMEOUT_MS} ms: check its power and cable`,
        );
      if (!answer) throw new AmplifierError('amplifier/refused', 'the amplifier refused the command');
      return answer.value;
    }, signal);
  const during = (signal: AbortSignal | undefined) => (signal ? AbortSignal.any([signal, life]) : life);
  const open = (isStuck: boolean) => {
    if (!isStuck) relay.open();
    return relay.power();
  };

  return {
    name,
    failSafe,
    gainRangeDb,
    history: relay.history,
    relay: relay.power,
    async start({ signal } = {}) {
      if (!life.aborted) return;
      signal?.throwIfAborted();
      const controller = new AbortController();
      life = controller.signal;
      endLife = () => controller.abort(notStarted());
      try {
        await exchange(open, during(signal));
      } catch (error) {
        if (!signal?.aborted && error instanceof AmplifierError) return; // a silent device: the next call says so
        endLife();
        throw error;
      }
    },
    async stop(signal) {
      if (life.aborted) return;
      endLife();
      confirmed('off', await exchange(open, signal));
    },
    async powerOn({ leaseMs, signal }) {
      checkedLeaseMs(leaseMs);
      const power = await exchange((isStuck) => {
        if (readings.faults.includes('overheat'))
          throw new AmplifierError(
            'amplifier/overheat',
            'the amplifier is too hot: it stays off until it cools',
          );
        if (!isStuck) relay.close(leaseMs);
        return relay.power();
      }, during(signal));
      confirmed('on', power);
    },
    async powerOff({ signal }: Wait = {}) {
      confirmed('off', await exchange(open, during(signal)));
    },
    async setGainDb(wantedDb, { signal } = {}) {
      const clampedDb = clampedGainDb(wantedDb, gainRangeDb);
      return exchange(() => {
        gainDb = clampedDb;
        return gainDb;
      }, during(signal));
    },
    async read({ signal } = {}) {
      return exchange(state, during(signal));
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    fail(fault, { times = Number.POSITIVE_INFINITY } = {}) {
      script.push({ fault, times });
    },
    heal() {
      script = [];
    },
    replyAfter(ms) {
      replyMs = ms;
    },
    show(changes) {
      readings = { ...readings, ...changes };
      if (readings.faults.includes('overheat')) relay.open();
      tell();
    },
  };
}
