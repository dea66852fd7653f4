import { createHash } from 'node:crypto';
import type { ClusterId, OccurrenceId, Sha256 } from '@loa/kernel';
import { type BroadcastClass, type Policy, ROUTINE_RULES } from '@loa/schedules';
import type { Hello } from './greetings.ts';
import type { HealthSample } from './health.ts';
import type { PlanContent } from './plan.ts';
import type { PrivateJwk, PublicKey } from './signing.ts';
import type { SoundRef } from './sound.ts';
import type { ConfigBody, KeyRecord, KeysBody, PolicyBody } from './states.ts';

/** Monday 2026-01-05, 05:00 in Viet Nam: the instant at which the builders' examples happen. */
export const EXAMPLE_MS = Temporal.Instant.from('2026-01-04T22:00:00Z').epochMilliseconds;

/** Key pairs for tests and vectors only (deterministic, hence worthless as secrets). */
export const TEST_KEYS = {
  root: {
    kty: 'OKP',
    crv: 'Ed25519',
    x: 'KkOVjLDqsMTLkbRUYq1shQTQOKQ_cR2MKi-K7hPB3s0',
    d: 'BZFQwVywILKPeriJk-fiIWoI_mtIbBapCQsDdw5fIzM',
  },
  order: {
    kty: 'OKP',
    crv: 'Ed25519',
    x: 'wxJcmzJsqXw2d9bNBq9clWr1TsI1zMXg4vDe3zqq81A',
    d: 'WSY4BqxCpqc7aP2c9UlWRRbhKaA-REhsH1hdssxjgIg',
  },
  device: {
    kty: 'OKP',
    crv: 'Ed25519',
    x: 'UrDH2yFXm7vuXU_Tosg1PxWjj1ER80EJZssjoY_u9iA',
    d: 'jeNhhG7UffUmBG_oQ3WJgNBTKtkmXi4g58dQQBg9ItY',
  },
  stranger: {
    kty: 'OKP',
    crv: 'Ed25519',
    x: 'g-SU0aLMXDdjuJq3m3GnM7vXh0Ty1aucLIecfM-utrM',
    d: '-bBAThXDdeTqBkY11CG-bxreqb4wJ5jjekyPS62CBTc',
  },
} as const satisfies Record<string, PrivateJwk>;

/** Returns the lower-case hex SHA-256 of a text. */
export function sha256Of(text: string): Sha256 {
  return createHash('sha256').update(text).digest('hex') as Sha256;
}

/** A sound that exists only by name. */
export function aSound(name = 'sound', overrides: Partial<SoundRef> = {}): SoundRef {
  return { sha256: sha256Of(name), bytes: 45_000, durationMs: 15_000, ...overrides };
}

/** A plan of `count` daily occurrences at 05:00 of one bulletin, each starting a day after the other. */
export function aPlan({
  count = 2,
  class: broadcastClass = 'routine' as BroadcastClass,
  ...overrides
}: Partial<PlanContent> & { count?: number; class?: BroadcastClass } = {}): PlanContent {
  return {
    clusterId: 'cum-thon-1' as ClusterId,
    clusterName: 'Thôn 1',
    timeZone: 'Asia/Ho_Chi_Minh',
    fromMs: EXAMPLE_MS - 3_600_000,
    untilMs: EXAMPLE_MS + Math.max(30, count) * 86_400_000,
    auditHead: { seq: 7, hash: sha256Of('audit') },
    sounds: [aSound('speech')],
    items: [
      {
        bulletinId: 'bul_0001',
        manifest: sha256Of('manifest'),
        seriesId: 'ser_0001',
        title: 'Đăng ký khai sinh liên thông',
        language: 'vi',
        rules: { ...ROUTINE_RULES, class: broadcastClass },
        parts: [{ kind: 'sound', sound: 0 }],
        repeat: { times: 1, gapMs: 0 },
        gainDb: 0,
      },
    ],
    occurrences: Array.from({ length: count }, (_, day) => ({
      id: `cum-thon-1~ser_0001~${EXAMPLE_MS + day * 86_400_000}` as OccurrenceId,
      item: 0,
      startsAtMs: EXAMPLE_MS + day * 86_400_000,
      plannedMs: 15_000,
    })),
    ...overrides,
  };
}

/** The root's word on a key: valid from a day before the example time to a year after. */
export function aKeyRecord({ kid, x }: PublicKey, overrides: Partial<KeyRecord> = {}): KeyRecord {
  return {
    kid,
    x,
    notBeforeMs: EXAMPLE_MS - 86_400_000,
    notAfterMs: EXAMPLE_MS + 365 * 86_400_000,
    revoked: false,
    ...overrides,
  };
}

/** The `keys` state of the test site; give it `orderKeys: [aKeyRecord(…)]`. */
export function someKeys(overrides: Partial<KeysBody> = {}): KeysBody {
  return {
    siteId: 'vinh-quang',
    siteName: 'Xã Vĩnh Quang',
    orderKeys: [],
    releaseKeys: [],
    hardVolumeCapDb: 0,
    clockAtLeastMs: null,
    ...overrides,
  };
}

/** A policy that lets everything sound from 04:30 to 21:00. */
export function aPolicy(overrides: Partial<Policy & PolicyBody> = {}): PolicyBody {
  return {
    timeZone: 'Asia/Ho_Chi_Minh',
    windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '04:30', to: '21:00' }],
    maxSessionsPerDay: null,
    maxMinutesPerSession: null,
    maxMinutesPerDay: null,
    volume: [],
    mutes: [],
    languages: ['vi'],
    ...overrides,
  };
}

/** The configuration of a box in Thôn 1. */
export function aConfig(overrides: Partial<ConfigBody> = {}): ConfigBody {
  return {
    clusterId: 'cum-thon-1',
    clusterName: 'Thôn 1',
    areaName: 'Xã Vĩnh Quang',
    timeZone: 'Asia/Ho_Chi_Minh',
    languages: ['vi'],
    gainDb: 0,
    calibrationMs: 0,
    amplifier: { warmUpMs: 200 },
    keepaliveS: 45,
    healthEveryS: 60,
    link: { kbitPerS: null, prefetchHours: [], monthlyBytes: null },
    mediaBudgetBytes: 2_000_000_000,
    ntpServers: [],
    signedTimeAlarmHours: 48,
    emergencyPerHour: 12,
    emergencyReservedForPinned: 6,
    pinned: [],
    localPin: null,
    ...overrides,
  };
}

/** A greeting of a box that holds nothing yet. */
export function aHello(overrides: Partial<Hello> = {}): Hello {
  return {
    v: 1,
    nonce: 'AAAAAAAAAAAAAAAAAAAAAA',
    bootId: 'boot-1',
    instanceId: 'inst-1',
    birth: 1,
    agentVersion: '0.1.0',
    protocols: [1],
    states: {},
    journal: { journalId: 'jrn-1', seq: 0 },
    ackedTo: 0,
    clock: { state: 'trusted', nowMs: EXAMPLE_MS, uncertaintyMs: 20 },
    ...overrides,
  };
}

/** A quiet, healthy box. */
export function aHealthSample(overrides: Partial<HealthSample> = {}): HealthSample {
  return {
    uptimeS: 3600,
    planEpoch: 1,
    planRev: 4,
    statesDigest: 0xdeadbeef,
    journalHead: 12,
    clock: 'trusted',
    uncertaintyMs: 20,
    playing: false,
    held: false,
    sinkReady: true,
    amplifierOn: false,
    readinessPercent: 100,
    pingEcho: new Uint8Array(8),
    faults: 0,
    gainDb: 0,
    cpuTemperatureC: 51,
    freeStoragePercent: 83,
    storageWearPercent: null,
    batteryV: null,
    supply: 'mains',
    signalDbm: -87,
    lossPercent: 1,
    roundTripMs: 84,
    todayKib: 120,
    lineOhm: null,
    refusedCount: 0,
    amplifierTemperatureC: null,
    droppedTelemetry: 0,
    ...overrides,
  };
}
