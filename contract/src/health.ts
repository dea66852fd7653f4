import { AppError } from '@loa/kernel';
import { CLOCK_STATES, type ClockState } from '@loa/schedules';
import type { ContractErrorCode } from './codes.ts';

/** One health sample. `null` = this box cannot measure it. */
export interface HealthSample {
  readonly uptimeS: number;
  readonly planEpoch: number;
  readonly planRev: number;
  /** First 4 bytes of SHA-256 over all held revisions; another value than expected makes the controller send `welcome` again. */
  readonly statesDigest: number;
  readonly journalHead: number;
  readonly clock: ClockState;
  /** 65534 means that much or more. */
  readonly uncertaintyMs: number;
  readonly playing: boolean;
  readonly held: boolean;
  readonly sinkReady: boolean;
  readonly amplifierOn: boolean;
  /** Sounds of the plan's next 24 h that the box holds, 0 to 100 %. */
  readonly readinessPercent: number;
  /** Echo of the newest ping (8 bytes), all zero before the first. */
  readonly pingEcho: Uint8Array;
  readonly faults: number;
  readonly gainDb: number | null;
  readonly cpuTemperatureC: number | null;
  readonly freeStoragePercent: number | null;
  readonly storageWearPercent: number | null;
  readonly batteryV: number | null;
  readonly supply: 'unknown' | 'mains' | 'battery' | 'solar';
  readonly signalDbm: number | null;
  readonly lossPercent: number | null;
  readonly roundTripMs: number | null;
  readonly todayKib: number;
  readonly lineOhm: number | null;
  readonly refusedCount: number;
  readonly amplifierTemperatureC: number | null;
  /** Samples that could not leave since the agent started; 255 means that many or more. */
  readonly droppedTelemetry: number;
}

/** Meaning of the bits of `faults`, lowest first. */
export const HEALTH_FAULTS = [
  'sink',
  'amplifier',
  'line-open',
  'line-short',
  'line-earth',
  'overheat',
  'fan',
  'door',
  'storage-low',
  'storage-worn',
  'clock',
  'battery-low',
  'media-missing',
  'journal-full',
  'horn-silent',
  'config',
] as const;

const LAYOUT = 1;
const SIZE = 58;
const SUPPLIES = ['unknown', 'mains', 'battery', 'solar'] as const;
const NONE_U8 = 0xff;
const TEMPERATURE_OFFSET = 60;
const NONE_U16 = 0xffff;
const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, Math.round(value)));
const packU8 = (value: number | null, offset = 0) =>
  value === null ? NONE_U8 : clamp(value + offset, 0, NONE_U8 - 1);
const packU16 = (value: number | null) => (value === null ? NONE_U16 : clamp(value, 0, NONE_U16 - 1));
const readU8 = (value: number, offset = 0) => (value === NONE_U8 ? null : value - offset);
const readU16 = (value: number) => (value === NONE_U16 ? null : value);

/** Packs a sample into 58 bytes, big-endian; the table stands in docs/protocol.md. Values out of range saturate. */
export function packHealth(sample: HealthSample): Uint8Array {
  const bytes = new Uint8Array(SIZE);
  const view = new DataView(bytes.buffer);
  const flags =
    CLOCK_STATES.indexOf(sample.clock) |
    (sample.playing ? 4 : 0) |
    (sample.held ? 8 : 0) |
    (sample.sinkReady ? 16 : 0) |
    (sample.amplifierOn ? 32 : 0) |
    (SUPPLIES.indexOf(sample.supply) << 6);
  view.setUint8(0, LAYOUT);
  view.setUint8(1, flags);
  view.setUint32(2, clamp(sample.uptimeS, 0, 0xffff_ffff));
  view.setUint32(6, sample.planEpoch);
  view.setUint32(10, sample.planRev);
  view.setUint32(14, sample.statesDigest);
  view.setUint32(18, sample.journalHead);
  view.setUint16(22, packU16(sample.uncertaintyMs));
  view.setUint8(24, clamp(sample.readinessPercent, 0, 100));
  bytes.set(sample.pingEcho.subarray(0, 8), 25);
  view.setUint16(33, sample.faults & 0xffff);
  view.setUint8(35, packU8(sample.gainDb === null ? null : -sample.gainDb * 2));
  view.setUint8(36, packU8(sample.cpuTemperatureC, TEMPERATURE_OFFSET));
  view.setUint8(37, packU8(sample.freeStoragePercent));
  view.setUint8(38, packU8(sample.storageWearPercent));
  view.setUint16(39, packU16(sample.batteryV === null ? null : sample.batteryV * 100));
  view.setUint8(41, packU8(sample.signalDbm === null ? null : -sample.signalDbm));
  view.setUint8(42, packU8(sample.lossPercent));
  view.setUint16(43, packU16(sample.roundTripMs));
  view.setUint32(45, clamp(sample.todayKib, 0, 0xffff_ffff));
  view.setUint16(49, packU16(sample.lineOhm === null ? null : sample.lineOhm * 10));
  view.setUint32(51, clamp(sample.refusedCount, 0, 0xffff_ffff));
  const heat = sample.amplifierTemperatureC;
  view.setUint8(55, heat === null ? 0 : clamp(heat + TEMPERATURE_OFFSET, 1, 0xff)); // 0 = none: so wrote agents before it was measured
  view.setUint8(56, clamp(sample.droppedTelemetry, 0, 0xff));
  return bytes; // 57 is reserved and zero
}

/**
 * Reads a packed sample.
 * @throws {AppError} contract/bad-sample when the bytes are not one of layout 1.
 */
export function unpackHealth(bytes: Uint8Array): HealthSample {
  const clock = CLOCK_STATES[(bytes[1] ?? 3) & 3];
  const supply = SUPPLIES[(bytes[1] ?? 0) >> 6];
  if (bytes.length !== SIZE || bytes[0] !== LAYOUT || clock === undefined || supply === undefined)
    throw new AppError<ContractErrorCode>(
      `wanted a health sample of ${SIZE} bytes in layout ${LAYOUT} with a clock state, got ${bytes.length} bytes beginning ${Buffer.from(bytes.subarray(0, 2)).toString('hex')}`,
      { code: 'contract/bad-sample' },
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const flags = view.getUint8(1);
  const halfDb = readU8(view.getUint8(35));
  const centivolt = readU16(view.getUint16(39));
  const signal = readU8(view.getUint8(41));
  const deciohm = readU16(view.getUint16(49));
  const heat = view.getUint8(55);
  return {
    uptimeS: view.getUint32(2),
    planEpoch: view.getUint32(6),
    planRev: view.getUint32(10),
    statesDigest: view.getUint32(14),
    journalHead: view.getUint32(18),
    clock,
    uncertaintyMs: Math.min(view.getUint16(22), NONE_U16 - 1),
    playing: (flags & 4) !== 0,
    held: (flags & 8) !== 0,
    sinkReady: (flags & 16) !== 0,
    amplifierOn: (flags & 32) !== 0,
    readinessPercent: view.getUint8(24),
    pingEcho: Uint8Array.from(bytes.subarray(25, 33)),
    faults: view.getUint16(33),
    gainDb: halfDb === null ? null : 0 - halfDb / 2,
    cpuTemperatureC: readU8(view.getUint8(36), TEMPERATURE_OFFSET),
    freeStoragePercent: readU8(view.getUint8(37)),
    storageWearPercent: readU8(view.getUint8(38)),
    batteryV: centivolt === null ? null : centivolt / 100,
    supply,
    signalDbm: signal === null ? null : 0 - signal,
    lossPercent: readU8(view.getUint8(42)),
    roundTripMs: readU16(view.getUint16(43)),
    todayKib: view.getUint32(45),
    lineOhm: deciohm === null ? null : deciohm / 10,
    refusedCount: view.getUint32(51),
    amplifierTemperatureC: heat === 0 ? null : heat - TEMPERATURE_OFFSET,
    droppedTelemetry: view.getUint8(56),
  };
}
