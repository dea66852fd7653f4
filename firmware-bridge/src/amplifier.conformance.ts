import { errorCode } from '@loa/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Amplifier } from './amplifier.ts';
import { amplifierStateSchema, MAX_LEASE_MS } from './amplifier-state.schema.ts';

/** A driver, not yet started, together with a hand on the device behind it. */
export interface AmplifierRig {
  readonly amplifier: Amplifier;
  /** Lets `ms` pass: advances a fake clock, or truly waits where the device has a clock of its own. */
  pass(ms: number): Promise<void>;
  /** Returns where the power truly is, seen at the device and not through the driver. */
  devicePower(): 'on' | 'off' | Promise<'on' | 'off'>;
  /** Cuts the way to the device; what is sent is lost. */
  cutCable(): void | Promise<void>;
  /** Makes the relay ignore what it is told; absent where the simulator cannot. */
  readonly stickRelay?: (() => void | Promise<void>) | undefined;
  /** Frees what the rig holds. */
  dispose?(): Promise<void>;
}

/** The longest a driver waits for a silent device by itself. */
const GIVE_UP_MS = 2_000;

/** Declares the tests that every amplifier driver passes. `make` is called once for each test. */
export function describeAmplifier(name: string, make: () => AmplifierRig | Promise<AmplifierRig>): void {
  describe(`the amplifier port, as ${name}`, () => {
    let rig: AmplifierRig;
    let amplifier: Amplifier;
    const never = new AbortController().signal;
    /** Settles `call` while time passes for the device. */
    const codeOf = async (call: Promise<unknown>) => {
      const settled = call.then(
        () => 'fulfilled',
        (error: unknown) => errorCode(error) ?? String(error),
      );
      await rig.pass(GIVE_UP_MS);
      return settled;
    };

    beforeEach(async () => {
      rig = await make();
      amplifier = rig.amplifier;
      await amplifier.start();
    });
    afterEach(async () => {
      const stopped = Promise.resolve(amplifier.stop(never)).catch(() => {}); // some tests leave it broken
      await rig.pass(GIVE_UP_MS);
      await stopped;
      await rig.dispose?.();
    });

    describe('power', () => {
      it('is off after the start', async () => {
        expect((await amplifier.read()).power).toBe('off');
        expect(await rig.devicePower()).toBe('off');
      });

      it('is on at the device when powerOn resolves, and off when powerOff resolves', async () => {
        await amplifier.powerOn({ leaseMs: MAX_LEASE_MS });
        expect(await rig.devicePower()).toBe('on');
        expect((await amplifier.read()).power).toBe('on');
        await amplifier.powerOff();
        expect(await rig.devicePower()).toBe('off');
        expect((await amplifier.read()).power).toBe('off');
      });

      it('goes off again after any number of offs, and on after any number of ons', async () => {
        await amplifier.powerOff();
        await amplifier.powerOff();
        await amplifier.powerOn({ leaseMs: MAX_LEASE_MS });
        await amplifier.powerOn({ leaseMs: MAX_LEASE_MS });
        expect(await rig.devicePower()).toBe('on');
        await amplifier.powerOff();
        expect(await rig.devicePower()).toBe('off');
      });

      it('follows the order of the calls when they overlap', async () => {
        await Promise.all([amplifier.powerOn({ leaseMs: MAX_LEASE_MS }), amplifier.powerOff()]);
        expect(await rig.devicePower()).toBe('off');
      });

      it.for([0, -1, MAX_LEASE_MS + 1, Number.NaN])('refuses a lease of %d ms', async (leaseMs) => {
        expect(await codeOf(amplifier.powerOn({ leaseMs }))).toBe('amplifier/bad-request');
        expect(await rig.devicePower()).toBe('off');
      });

      it('is reported to listeners until they end it', async () => {
        const heard: string[] = [];
        const end = amplifier.onChange((state) => heard.push(state.power));
        await amplifier.powerOn({ leaseMs: MAX_LEASE_MS });
        await amplifier.read();
        expect(heard.at(-1)).toBe('on');
        end();
        await amplifier.powerOff();
        await amplifier.read();
        expect(heard.at(-1)).toBe('on');
      });
    });

    describe('P8: the lease', () => {
      it('runs out by itself within 5 s when nobody renews it', async () => {
        await amplifier.powerOn({ leaseMs: MAX_LEASE_MS });
        await rig.pass(MAX_LEASE_MS);
        expect(await rig.devicePower()).toBe('off');
        expect((await amplifier.read()).power).toBe('off');
      });

      it('may be shorter', async () => {
        await amplifier.powerOn({ leaseMs: 1_500 });
        await rig.pass(1_500);
        expect(await rig.devicePower()).toBe('off');
      });

      it('lasts as long as it is renewed, counted from the last renewal', async () => {
        await amplifier.powerOn({ leaseMs: 1_500 });
        await rig.pass(1_000);
        await amplifier.powerOn({ leaseMs: 1_500 });
        await rig.pass(1_000);
        expect(await rig.devicePower()).toBe('on');
        await rig.pass(500);
        expect(await rig.devicePower()).toBe('off');
      });

      it('ends for good with powerOff: the old timer does not cut a new lease short', async () => {
        await amplifier.powerOn({ leaseMs: 1_500 });
        await rig.pass(1_000);
        await amplifier.powerOff();
        await amplifier.powerOn({ leaseMs: 1_500 });
        await rig.pass(1_000);
        expect(await rig.devicePower()).toBe('on');
      });

      it('runs out behind a cut cable when the device declares a timer of its own', async ({ skip }) => {
        skip(amplifier.failSafe === 'none', 'the device has no timer of its own: flagged, not trusted');
        await amplifier.powerOn({ leaseMs: MAX_LEASE_MS });
        await rig.cutCable();
        await rig.pass(MAX_LEASE_MS);
        expect(await rig.devicePower()).toBe('off');
      });
    });

    describe('gain', () => {
      it('resolves to what the device reads back', async () => {
        const { min, max } = amplifier.gainRangeDb;
        const wantedDb = Math.round((min + max) / 2);
        const gainDb = await amplifier.setGainDb(wantedDb);
        expect(gainDb).toBeCloseTo(wantedDb, 0);
        expect((await amplifier.read()).gainDb).toBe(gainDb);
      });

      it('is clamped to the range of the device', async () => {
        const { min, max } = amplifier.gainRangeDb;
        expect(await amplifier.setGainDb(max + 10)).toBe(max);
        expect(await amplifier.setGainDb(min - 10)).toBe(min);
      });

      it('refuses what is no number', async () => {
        expect(await codeOf(amplifier.setGainDb(Number.NaN))).toBe('amplifier/bad-request');
      });
    });

    it('reads a state of the documented form, off and on', async () => {
      expect(amplifierStateSchema.safeParse(await amplifier.read()).error).toBeUndefined();
      await amplifier.powerOn({ leaseMs: MAX_LEASE_MS });
      expect(amplifierStateSchema.safeParse(await amplifier.read()).error).toBeUndefined();
    });

    describe('faults', () => {
      it.for(['powerOn', 'powerOff', 'setGainDb', 'read'] as const)(
        '%s on a silent device rejects with amplifier/no-reply within 2 s',
        async (method) => {
          await rig.cutCable();
          expect(await codeOf(callOf(amplifier, method))).toBe('amplifier/no-reply');
        },
      );

      it('a relay that does not move is amplifier/not-confirmed', async ({ skip }) => {
        if (!rig.stickRelay) return skip('this simulator cannot stick its relay');
        await rig.stickRelay();
        expect(await codeOf(amplifier.powerOn({ leaseMs: MAX_LEASE_MS }))).toBe('amplifier/not-confirmed');
      });

      it('a silent device does not fail the start', async () => {
        await amplifier.stop(never);
        await rig.cutCable();
        expect(await codeOf(amplifier.start())).toBe('fulfilled');
      });
    });

    describe('abort', () => {
      const reason = new Error('the item was cancelled');

      it.for(['powerOn', 'powerOff', 'setGainDb', 'read'] as const)(
        '%s rejects with the reason of a signal that has aborted, and does nothing',
        async (method) => {
          await expect(callOf(amplifier, method, AbortSignal.abort(reason))).rejects.toBe(reason);
          expect(await rig.devicePower()).toBe('off');
        },
      );

      it('ends a wait for a silent device', async () => {
        await rig.cutCable();
        const controller = new AbortController();
        const reading = expect(amplifier.read({ signal: controller.signal })).rejects.toBe(reason);
        controller.abort(reason);
        await reading;
      });
    });

    describe('life', () => {
      it('stop leaves the device off', async () => {
        await amplifier.powerOn({ leaseMs: MAX_LEASE_MS });
        await amplifier.stop(never);
        expect(await rig.devicePower()).toBe('off');
      });

      it('rejects with amplifier/not-started after the stop', async () => {
        await amplifier.stop(never);
        expect(await codeOf(amplifier.powerOn({ leaseMs: MAX_LEASE_MS }))).toBe('amplifier/not-started');
        expect(await codeOf(amplifier.read())).toBe('amplifier/not-started');
        expect(await rig.devicePower()).toBe('off');
      });

      it('starts and stops twice, and works after a new start', async () => {
        await amplifier.start();
        await amplifier.stop(never);
        await amplifier.stop(never);
        await amplifier.start();
        await amplifier.powerOn({ leaseMs: MAX_LEASE_MS });
        expect(await rig.devicePower()).toBe('on');
      });
    });
  });
}

function callOf(
  amplifier: Amplifier,
  method: 'powerOn' | 'powerOff' | 'setGainDb' | 'read',
  signal?: AbortSignal,
): Promise<unknown> {
  switch (method) {
    case 'powerOn':
      return amplifier.powerOn({ leaseMs: MAX_LEASE_MS, signal });
    case 'powerOff':
      return amplifier.powerOff({ signal });
    case 'setGainDb':
      return amplifier.setGainDb(0, { signal });
    case 'read':
      return amplifier.read({ signal });
  }
}
