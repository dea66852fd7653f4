import { fakeClock, memoryLogger } from '@loa/kernel/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createFakeAmplifier, type FakeAmplifier } from './amplifier.fake.ts';
import { createPowerKeeper } from './power-keeper.ts';
import type { PowerKeeper } from './power-lease.ts';

let clock: ReturnType<typeof fakeClock>;
let log: ReturnType<typeof memoryLogger>;
let amplifier: FakeAmplifier;
let keeper: PowerKeeper;
const never = new AbortController().signal;
const powers = () => amplifier.history.map(({ power }) => power);

beforeEach(async () => {
  clock = fakeClock();
  log = memoryLogger();
  amplifier = createFakeAmplifier({ clock });
  keeper = createPowerKeeper({ amplifier, clock, log });
  await amplifier.start();
  keeper.start();
});

describe('a lease of power', () => {
  it('turns the amplifier on before acquire resolves and off before release does', async () => {
    const lease = await keeper.acquire('bul_1');
    expect(amplifier.relay()).toBe('on');
    await lease.release();
    expect(amplifier.relay()).toBe('off');
  });

  it('keeps the amplifier on for an item of any length without a gap', async () => {
    const lease = await keeper.acquire('bul_1');
    await clock.advance(3_600_000);
    expect(powers()).toEqual(['on']);
    await lease.release();
    expect(powers()).toEqual(['on', 'off']);
  });

  it('is shared: the power goes off only when the last holder lets go', async () => {
    const [news, emergency] = await Promise.all([keeper.acquire('news'), keeper.acquire('emergency')]);
    expect(keeper.state()).toEqual({ power: 'on', holders: ['news', 'emergency'], leaseLeftMs: 5_000 });
    await news.release();
    await clock.advance(20_000);
    expect(powers()).toEqual(['on']);
    await emergency.release();
    expect(powers()).toEqual(['on', 'off']);
    expect(keeper.state()).toEqual({ power: 'off', holders: [], leaseLeftMs: 0 });
  });

  it('released twice takes nothing from another holder', async () => {
    const first = await keeper.acquire('first');
    await keeper.acquire('second');
    await first.release();
    await first.release();
    await clock.advance(20_000);
    expect(amplifier.relay()).toBe('on');
  });

  it('handed over at once keeps the amplifier on between two items', async () => {
    const first = await keeper.acquire('first');
    const releasing = first.release();
    const second = await keeper.acquire('second');
    await releasing;
    expect(amplifier.relay()).toBe('on');
    await clock.advance(20_000);
    expect(amplifier.relay()).toBe('on');
    expect(second.lost.aborted).toBe(false);
  });

  it('waits for the warm-up, which a second holder does not repeat', async () => {
    keeper = createPowerKeeper({ amplifier, clock, log, warmUpMs: 3_000 });
    keeper.start();
    let isReady = false;
    const acquiring = keeper.acquire('first').then(() => {
      isReady = true;
    });
    await clock.advance(2_999);
    expect([isReady, amplifier.relay()]).toEqual([false, 'on']);
    await clock.advance(1);
    await acquiring;
    await keeper.acquire('second');
    expect(clock.monotonicMs()).toBe(3_000);
  });

  it('leaves no timer behind', async () => {
    const lease = await keeper.acquire('bul_1');
    await clock.advance(2_500);
    await lease.release();
    await clock.advance(0);
    expect(clock.sleepers()).toBe(0);
  });
});

describe('a release', () => {
  it('in the very moment of a renewal waits for the power to be off', async () => {
    const renewal = Promise.withResolvers<void>();
    let calls = 0;
    const slow = {
      ...amplifier,
      powerOn: async (options: { leaseMs: number }) => {
        await amplifier.powerOn(options);
        if (++calls === 2) await renewal.promise;
      },
    };
    keeper = createPowerKeeper({ amplifier: slow, clock, log });
    keeper.start();
    const lease = await keeper.acquire('bul_1');
    await clock.advance(1_000);
    renewal.resolve();
    await Promise.resolve(); // the renewal is done, the keeper does not know it yet
    await lease.release();
    expect(amplifier.relay()).toBe('off');
  });

  it('that succeeds late is no failure', async () => {
    keeper = createPowerKeeper({ amplifier, clock, log, leaseMs: 1_000, renewEveryMs: 300 });
    keeper.start();
    const lease = await keeper.acquire('bul_1');
    amplifier.fail('stuck-relay', { times: 2 });
    amplifier.replyAfter(450);
    const releasing = lease.release();
    await clock.advance(1_350);
    await releasing;
    expect(keeper.state().power).toBe('off');
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('P8: the amplifier falls off within 5 s', () => {
  it('of losing the agent', async () => {
    const agentClock = fakeClock(); // stands still when the agent is gone; the device has its own clock
    keeper = createPowerKeeper({ amplifier, clock: agentClock, log });
    keeper.start();
    await keeper.acquire('bul_1');
    for (let second = 0; second < 10; second++) {
      await clock.advance(1_000);
      await agentClock.advance(1_000);
    }
    expect(amplifier.relay()).toBe('on');
    await clock.advance(5_000);
    expect(amplifier.history.at(-1)).toEqual({ monotonicMs: 15_000, power: 'off' });
  });

  it('of losing the cable, and the holder has been told by then', async () => {
    const lease = await keeper.acquire('bul_1');
    await clock.advance(10_400);
    amplifier.fail('no-reply');
    await clock.advance(4_600);
    expect(amplifier.history.at(-1)).toEqual({ monotonicMs: 15_000, power: 'off' });
    expect(lease.lost.reason).toMatchObject({
      code: 'amplifier/lease-lost',
      details: { reason: 'amplifier/no-reply' },
    });
  });

  it('of a release whose command is lost', async () => {
    const lease = await keeper.acquire('bul_1');
    await clock.advance(10_400);
    amplifier.fail('no-reply');
    const releasing = lease.release();
    await clock.advance(5_000);
    expect(amplifier.history.at(-1)).toEqual({ monotonicMs: 15_000, power: 'off' });
    await releasing;
  });
});

describe('a renewal that fails', () => {
  it('is tried again within the lease, and nobody notices', async () => {
    const lease = await keeper.acquire('bul_1');
    amplifier.fail('no-reply', { times: 3 });
    await clock.advance(60_000);
    expect(powers()).toEqual(['on']);
    expect(lease.lost.aborted).toBe(false);
    expect(log.lines.filter(({ level }) => level !== 'debug')).toEqual([]);
  });

  it('shows in the state until one succeeds', async () => {
    await keeper.acquire('bul_1');
    amplifier.fail('no-reply', { times: 1 });
    await clock.advance(1_500);
    expect(keeper.state()).toMatchObject({ power: 'on', fault: 'amplifier/no-reply', leaseLeftMs: 3_500 });
    await clock.advance(500);
    expect(keeper.state()).not.toHaveProperty('fault');
  });

  it('to the end of the lease is told to every holder and logged once', async () => {
    const first = await keeper.acquire('first');
    const second = await keeper.acquire('second');
    amplifier.fail('no-reply');
    await clock.advance(4_999);
    expect(first.lost.aborted).toBe(false);
    await clock.advance(1);
    expect([first.lost.aborted, second.lost.aborted]).toEqual([true, true]);
    await clock.advance(4_000);
    expect(log.lines.filter(({ level }) => level !== 'debug')).toEqual([
      {
        level: 'warn',
        fields: { code: 'amplifier/no-reply', holders: ['first', 'second'] },
        message: 'amplifier power lost',
      },
    ]);
    expect(keeper.state().holders).toEqual([]);
  });

  it('counts the lease from when the last good command was sent, as the device may', async () => {
    amplifier.replyAfter(400);
    const acquiring = keeper.acquire('bul_1');
    await clock.advance(400);
    const lease = await acquiring;
    amplifier.fail('no-reply');
    await clock.advance(4_600);
    expect(lease.lost.aborted).toBe(true);
  });

  it('for a reason that will not pass is told at once', async () => {
    const lease = await keeper.acquire('bul_1');
    amplifier.show({ faults: ['overheat'] });
    await clock.advance(1_000);
    expect(lease.lost.reason).toMatchObject({ details: { reason: 'amplifier/overheat' } });
  });

  it('because the driver hangs does not hang the keeper', async () => {
    let hangs = false;
    const hanging = {
      ...amplifier,
      powerOn: (options: { leaseMs: number }) =>
        hangs ? new Promise<never>(() => {}) : amplifier.powerOn(options),
    };
    keeper = createPowerKeeper({ amplifier: hanging, clock, log });
    keeper.start();
    const lease = await keeper.acquire('bul_1');
    hangs = true;
    await clock.advance(5_000);
    expect(lease.lost.reason).toMatchObject({ details: { reason: 'amplifier/no-reply' } });
    expect(amplifier.relay()).toBe('off');
  });

  it('lets a holder that was told ask again at once', async () => {
    const lease = await keeper.acquire('bul_1');
    amplifier.fail('no-reply');
    const again = new Promise((resolve) => {
      lease.lost.addEventListener('abort', () =>
        resolve(keeper.acquire('bul_1 again').then(() => amplifier.relay())),
      );
    });
    await clock.advance(5_000);
    amplifier.heal();
    await clock.advance(1_000);
    expect(await again).toBe('on');
  });
});

describe('acquire', () => {
  it('is tried again when the first command is lost', async () => {
    amplifier.fail('lost-reply', { times: 2 });
    const acquiring = keeper.acquire('bul_1');
    await clock.advance(2_000);
    await acquiring;
    expect(amplifier.relay()).toBe('on');
  });

  it('rejects after 5 s with the reason of the last try', async () => {
    amplifier.fail('stuck-relay');
    const failed = expect(keeper.acquire('bul_1')).rejects.toMatchObject({ code: 'amplifier/not-confirmed' });
    await clock.advance(5_000);
    await failed;
    expect(keeper.state()).toMatchObject({ holders: [] });
  });

  it('rejects at once when the device says no', async () => {
    amplifier.fail('refused', { times: 1 });
    await expect(keeper.acquire('bul_1')).rejects.toMatchObject({ code: 'amplifier/refused' });
    expect(clock.monotonicMs()).toBe(0);
  });

  it('turns off what a failed try may have turned on', async () => {
    amplifier.fail('lost-reply', { times: 10 });
    const failed = expect(keeper.acquire('bul_1')).rejects.toMatchObject({ code: 'amplifier/no-reply' });
    await clock.advance(5_500);
    await failed;
    expect(amplifier.relay()).toBe('off');
  });

  it('ends with the reason of its signal, and the power goes off again', async () => {
    amplifier.replyAfter(400);
    const cancel = new AbortController();
    const reason = new Error('the item was cancelled');
    const cancelled = expect(keeper.acquire('bul_1', { signal: cancel.signal })).rejects.toBe(reason);
    await clock.advance(100);
    expect(amplifier.relay()).toBe('on');
    cancel.abort(reason);
    await cancelled;
    await clock.advance(1_000);
    expect(powers()).toEqual(['on', 'off']);
    expect(keeper.state().power).toBe('off');
  });

  it('that is cancelled does not disturb another holder', async () => {
    amplifier.replyAfter(400);
    const cancel = new AbortController();
    const cancelled = expect(keeper.acquire('first', { signal: cancel.signal })).rejects.toThrow();
    const second = keeper.acquire('second');
    cancel.abort();
    await cancelled;
    await clock.advance(400);
    await second;
    expect(powers()).toEqual(['on']);
  });

  it('does nothing for a signal that has aborted', async () => {
    await expect(keeper.acquire('bul_1', { signal: AbortSignal.abort() })).rejects.toThrow();
    expect(powers()).toEqual([]);
  });
});

describe('an amplifier that cannot be turned off', () => {
  it('holds up a release for one lease, is logged once, and is tried until it obeys', async () => {
    const lease = await keeper.acquire('bul_1');
    amplifier.fail('stuck-relay');
    let isReleased = false;
    const releasing = lease.release().then(() => {
      isReleased = true;
    });
    await clock.advance(4_999);
    expect(isReleased).toBe(false);
    await clock.advance(1);
    await releasing;
    await clock.advance(60_000);
    expect(keeper.state()).toMatchObject({ power: 'unknown', fault: 'amplifier/not-confirmed' });
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([
      {
        level: 'error',
        fields: { code: 'amplifier/not-confirmed', failSafe: 'device-timer' },
        message: 'the amplifier does not confirm that it is off',
      },
    ]);
    amplifier.heal();
    await clock.advance(1_000);
    expect(amplifier.relay()).toBe('off');
    expect(keeper.state()).toEqual({ power: 'off', holders: [], leaseLeftMs: 0 });
  });
});

describe('the life of the keeper', () => {
  it('stop takes every lease back and leaves the amplifier off', async () => {
    const lease = await keeper.acquire('bul_1');
    await keeper.stop(never);
    expect(amplifier.relay()).toBe('off');
    expect(lease.lost.reason).toMatchObject({
      code: 'amplifier/lease-lost',
      details: { reason: 'amplifier/not-started' },
    });
    await lease.release();
    expect(clock.sleepers()).toBe(0);
  });

  it('stop ends an acquire that waits', async () => {
    amplifier.fail('no-reply');
    const failed = expect(keeper.acquire('bul_1')).rejects.toMatchObject({ code: 'amplifier/lease-lost' });
    const stopping = keeper.stop(never);
    await failed;
    await clock.advance(500);
    await stopping;
  });

  it('stop tries once, so that a dead bus does not outlast the deadline', async () => {
    await keeper.acquire('bul_1');
    amplifier.fail('no-reply');
    const stopping = keeper.stop(never);
    await clock.advance(500);
    await stopping;
    expect(log.lines.at(-1)?.message).toBe('the amplifier does not confirm that it is off');
  });

  it('refuses to lend before the start and after the stop, and lends after a new start', async () => {
    await keeper.stop(never);
    await keeper.stop(never);
    await expect(keeper.acquire('bul_1')).rejects.toMatchObject({ code: 'amplifier/not-started' });
    keeper.start();
    keeper.start();
    await keeper.acquire('bul_1');
    expect(amplifier.relay()).toBe('on');
  });

  it('warns of an amplifier without a timer of its own', () => {
    const untrusted = createFakeAmplifier({ clock, failSafe: 'none', name: 'porch relay' });
    createPowerKeeper({ amplifier: untrusted, clock, log }).start();
    expect(log.lines).toEqual([
      {
        level: 'warn',
        fields: { amplifier: 'porch relay' },
        message: 'this amplifier stays on when the box fails: it has no timer of its own',
      },
    ]);
  });

  it.for([
    { leaseMs: 6_000, renewEveryMs: 1_000 },
    { leaseMs: 5_000, renewEveryMs: 2_000 },
    { leaseMs: 5_000, renewEveryMs: 0 },
  ])('refuses a lease of $leaseMs ms renewed every $renewEveryMs ms', (times) => {
    expect(() => createPowerKeeper({ amplifier, clock, log, ...times })).toThrow(
      expect.objectContaining({ code: 'amplifier/bad-request' }),
    );
  });
});
