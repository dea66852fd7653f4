import { CLOCK_STATES } from '@loa/schedules';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aHealthSample } from './builders.ts';
import { HEALTH_FAULTS, type HealthSample, packHealth, unpackHealth } from './health.ts';
import { LIMITS } from './limits.ts';

const u32 = fc.nat(0xffff_ffff);
const u16 = fc.nat(0xfffe);
const orNone = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });

/** Samples whose values the layout holds exactly. */
const exact: fc.Arbitrary<HealthSample> = fc.record({
  uptimeS: u32,
  planEpoch: u32,
  planRev: u32,
  statesDigest: u32,
  journalHead: u32,
  clock: fc.constantFrom(...CLOCK_STATES),
  uncertaintyMs: u16,
  playing: fc.boolean(),
  held: fc.boolean(),
  sinkReady: fc.boolean(),
  amplifierOn: fc.boolean(),
  readinessPercent: fc.nat(100),
  pingEcho: fc.uint8Array({ minLength: 8, maxLength: 8 }),
  faults: fc.nat(0xffff),
  gainDb: orNone(fc.nat(127).map((halves) => 0 - halves / 2)),
  cpuTemperatureC: orNone(fc.integer({ min: -60, max: 194 })),
  freeStoragePercent: orNone(fc.nat(254)),
  storageWearPercent: orNone(fc.nat(254)),
  batteryV: orNone(u16.map((centivolt) => centivolt / 100)),
  supply: fc.constantFrom('unknown' as const, 'mains' as const, 'battery' as const, 'solar' as const),
  signalDbm: orNone(fc.nat(254).map((minus) => 0 - minus)),
  lossPercent: orNone(fc.nat(254)),
  roundTripMs: orNone(u16),
  todayKib: u32,
  lineOhm: orNone(u16.map((deciohm) => deciohm / 10)),
  refusedCount: u32,
  amplifierTemperatureC: orNone(fc.integer({ min: -59, max: 195 })),
  droppedTelemetry: fc.nat(255),
});

describe('a health sample', () => {
  it('fits the thin line', () => {
    expect(packHealth(aHealthSample()).length).toBe(58);
    expect(58).toBeLessThanOrEqual(LIMITS.healthSample);
  });

  it('comes back as it went', () => {
    fc.assert(
      fc.property(exact, (sample) => {
        expect(unpackHealth(packHealth(sample))).toEqual(sample);
      }),
    );
  });

  it('saturates instead of wrapping: an overflow never looks healthy', () => {
    const wild = aHealthSample({
      uptimeS: 1e12,
      uncertaintyMs: 1e9,
      readinessPercent: 140,
      gainDb: -200,
      cpuTemperatureC: 900,
      batteryV: 10_000,
      signalDbm: -400,
      roundTripMs: 1e9,
      todayKib: 1e12,
      lineOhm: 1e6,
      refusedCount: 1e12,
      amplifierTemperatureC: 900,
      droppedTelemetry: 1e12,
    });
    expect(unpackHealth(packHealth(wild))).toMatchObject({
      uptimeS: 0xffff_ffff,
      uncertaintyMs: 65_534,
      readinessPercent: 100,
      gainDb: -127,
      cpuTemperatureC: 194,
      batteryV: 655.34,
      signalDbm: -254,
      roundTripMs: 65_534,
      todayKib: 0xffff_ffff,
      lineOhm: 6553.4,
      refusedCount: 0xffff_ffff,
      amplifierTemperatureC: 195,
      droppedTelemetry: 255,
    });
    const low = aHealthSample({
      cpuTemperatureC: -100,
      amplifierTemperatureC: -100,
      lossPercent: -1,
      readinessPercent: -5,
    });
    expect(unpackHealth(packHealth(low))).toMatchObject({
      cpuTemperatureC: -60,
      amplifierTemperatureC: -59,
      lossPercent: 0,
      readinessPercent: 0,
    });
  });

  it('of any bytes is either refused or a sample that packs to the same meaning', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 56, maxLength: 60 }), fc.boolean(), (bytes, isOurs) => {
        if (isOurs) bytes[0] = 1;
        let sample: HealthSample;
        try {
          sample = unpackHealth(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: 'contract/bad-sample' });
          return;
        }
        expect(unpackHealth(packHealth({ ...sample }))).toEqual({
          ...sample,
          readinessPercent: Math.min(100, sample.readinessPercent),
        });
      }),
    );
  });

  it('keeps a nominal level of 0 dB as 0, and what was not measured as null', () => {
    expect(unpackHealth(packHealth(aHealthSample({ gainDb: 0, batteryV: null })))).toMatchObject({
      gainDb: 0,
      batteryV: null,
    });
  });

  it('of an agent that wrote zero where the amplifier is now says that nothing was measured', () => {
    const bytes = packHealth(aHealthSample({ amplifierTemperatureC: 71, droppedTelemetry: 3 }));
    bytes.fill(0, 55);
    expect(unpackHealth(bytes)).toMatchObject({ amplifierTemperatureC: null, droppedTelemetry: 0 });
  });

  it('is never without an uncertainty: ffff reads as the largest, and packs again', () => {
    const bytes = packHealth(aHealthSample({ uncertaintyMs: 1e9 }));
    bytes.fill(0xff, 22, 24);
    const sample = unpackHealth(bytes);
    expect(sample.uncertaintyMs).toBe(65_534);
    expect(unpackHealth(packHealth(sample))).toEqual(sample);
  });

  it('names at most as many faults as it has bits', () => {
    expect(HEALTH_FAULTS.length).toBe(16);
    expect(new Set(HEALTH_FAULTS).size).toBe(16);
  });

  it('is refused at every other length, in another layout, and without a clock state', () => {
    const bytes = packHealth(aHealthSample());
    const wrong = [
      ...Array.from({ length: bytes.length }, (_, length) => bytes.subarray(0, length)),
      Buffer.concat([bytes, Buffer.of(0)]),
      Uint8Array.from(bytes, (byte, at) => (at === 0 ? 2 : byte)),
      Uint8Array.from(bytes, (byte, at) => (at === 1 ? byte | 3 : byte)),
    ];
    for (const sample of wrong)
      expect(() => unpackHealth(sample)).toThrow(expect.objectContaining({ code: 'contract/bad-sample' }));
  });
});
