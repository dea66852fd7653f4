import { createHash } from 'node:crypto';
import type { Sha256 } from '@loa/kernel';
import { beforeAll, describe, expect, it } from 'vitest';
import { aConfig, aPolicy, TEST_KEYS } from './builders.ts';
import { LIMITS } from './limits.ts';
import { type SignedMessage, signedMessage } from './orders.ts';
import { SAMPLE_MESSAGES } from './samples.ts';
import { createSigner, type Signer } from './signing.ts';

let order: Signer;
let count = 0;
const MAX_MS = 253_402_300_799_999;

beforeAll(async () => {
  order = await createSigner(TEST_KEYS.order);
  count = 0;
});

/** Bytes that deflate cannot guess, yet the same in every run. */
function bytes(length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, () =>
    createHash('sha256').update(`${count++}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, length);
}
const id = (length: number) => bytes(length).toString('base64url').slice(0, length);
const hash = () => bytes(32).toString('hex') as Sha256;
/** The dearest text there is: every character is 3 bytes of UTF-8, from half of all Chinese characters. */
const dear = (length: number) =>
  Array.from({ length }, () => String.fromCharCode(0x4e00 + (bytes(2).readUInt16BE() & 0x3fff))).join('');
const SYLLABLES =
  'Thông báo lịch tiêm chủng mở rộng tại trạm y tế xã bà con đưa trẻ dưới sáu tuổi đến đúng giờ mang theo sổ'.split(
    ' ',
  );
/** Text as people write it, of at most `length` characters. */
const words = (length: number) =>
  Array.from({ length: length / 6 }, () => SYLLABLES[(bytes(1)[0] ?? 0) % SYLLABLES.length])
    .join(' ')
    .slice(0, length);
const listOf = <T>(length: number, make: (index: number) => T) => Array.from({ length }, (_, i) => make(i));

const sound = () => ({
  sha256: hash(),
  bytes: 1 + (bytes(4).readUInt32BE() % LIMITS.soundBytes),
  durationMs: 1 + (bytes(4).readUInt32BE() % LIMITS.soundMs),
});
const pinnedParts = () =>
  listOf(LIMITS.partsPerPinned, (index) => ({
    kind: 'sound' as const,
    sound: index % LIMITS.soundsPerPinned,
    language: id(35),
  }));

/** Everything in `config` as often and as long as it may be, and none of it compressible. */
const maximalConfig = () =>
  aConfig({
    clusterId: id(63),
    clusterName: dear(400),
    areaName: dear(400),
    timeZone: id(64),
    languages: listOf(20, () => id(35)),
    link: {
      kbitPerS: Number.MAX_SAFE_INTEGER,
      prefetchHours: listOf(24, () => ({ from: '00:17', to: '23:59' })),
      monthlyBytes: Number.MAX_SAFE_INTEGER,
    },
    ntpServers: listOf(8, () => id(255)),
    localPin: id(200),
    pinned: listOf(LIMITS.pinnedTemplates, () => ({
      templateId: id(40),
      name: dear(80),
      version: Number.MAX_SAFE_INTEGER,
      manifest: hash(),
      sounds: listOf(LIMITS.soundsPerPinned, sound),
      parts: pinnedParts(),
      repeat: { times: 99, gapMs: 599_999 },
      gainDb: -79.12345678901234,
      drillParts: pinnedParts(),
      byHand: true,
    })),
  });

const maximalUpdate = () => ({
  targets: listOf(LIMITS.updateTargets, () => ({
    component: 'firmware' as const,
    version: dear(64),
    sha256: hash(),
    bytes: Number.MAX_SAFE_INTEGER,
    release: `${id(100)}.${id(LIMITS.releaseJws - 188)}.${id(86)}`,
    installFrom: '00:17',
    installTo: '23:59',
  })),
});

const weekly = () => ({ days: [1, 2, 3, 4, 5, 6, 7], from: '04:30', to: '21:00' });
const fullPolicy = () =>
  aPolicy({
    windows: listOf(200, weekly),
    volume: listOf(200, () => ({ ...weekly(), classes: ['routine' as const], maxGainDb: -6 })),
    mutes: listOf(200, () => ({
      id: id(20),
      fromMs: MAX_MS - bytes(4).readUInt32BE(),
      untilMs: MAX_MS,
      classes: ['routine' as const, 'priority' as const],
      reason: words(400),
    })),
  });
const fullHold = () => ({
  holds: listOf(100, () => ({
    id: id(20),
    includesEmergency: false,
    fromMs: MAX_MS - bytes(4).readUInt32BE(),
    untilMs: null,
    reason: words(400),
    by: words(100),
  })),
});

async function sizeOf(message: SignedMessage): Promise<number> {
  expect(signedMessage.parse(message)).toEqual(message); // the largest that the schema lets through, not one too large
  return (await order.sign(message)).length;
}

describe('a state that cannot be fetched by hash', () => {
  const { config, update, policy, hold } = SAMPLE_MESSAGES;

  it('fits a message at its largest, even if nothing in it can be compressed: config', async () => {
    const size = await sizeOf({ ...config, body: maximalConfig() });
    expect(size).toBeGreaterThan(LIMITS.mqttPayload / 2);
    expect(size).toBeLessThanOrEqual(LIMITS.mqttPayload);
  });

  it('fits a message at its largest, even if nothing in it can be compressed: update', async () => {
    const size = await sizeOf({ ...update, body: maximalUpdate() });
    expect(size).toBeGreaterThan(LIMITS.mqttPayload / 2);
    expect(size).toBeLessThanOrEqual(LIMITS.mqttPayload);
  });

  it('fits a message when it is full of sentences such as people write: policy and hold', async () => {
    expect(await sizeOf({ ...policy, body: fullPolicy() })).toBeLessThanOrEqual(LIMITS.mqttPayload);
    expect(await sizeOf({ ...hold, body: fullHold() })).toBeLessThanOrEqual(LIMITS.mqttPayload);
  });

  it.each([
    ['25 pinned warnings', { ...maximalConfig(), pinned: listOf(25, () => maximalConfig().pinned[0]) }],
    ['an 11th pinned sound', withPinned({ sounds: listOf(11, sound) })],
    ['a 13th pinned part', withPinned({ parts: [...pinnedParts(), { kind: 'pause', ms: 1 }] })],
    [
      'a pinned relay, which would need a link',
      withPinned({ parts: [{ kind: 'relay', relayId: 'rel_1', maxMs: 1, fallback: [] }] }),
    ],
  ])('is refused with more than its share: %s', (_, body) => {
    expect(signedMessage.safeParse({ ...config, body }).success).toBe(false);
  });

  it.each([
    ['a fifth target', { targets: listOf(5, () => maximalUpdate().targets[0]) }],
    ['a longer release', withRelease(`a.${'a'.repeat(LIMITS.releaseJws - 3)}.aa`)],
    ['a release that is no JWS', withRelease('{"version":"1.4.0"}')],
  ])('is refused with more than its share: %s', (_, body) => {
    expect(signedMessage.safeParse({ ...update, body }).success).toBe(false);
  });
});

function withPinned(change: object) {
  const body = maximalConfig();
  return { ...body, pinned: [{ ...body.pinned[0], ...change }] };
}

function withRelease(release: string) {
  return { targets: [{ ...maximalUpdate().targets[0], release }] };
}
