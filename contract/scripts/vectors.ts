import { CompactSign, importJWK } from 'jose';
import { aHealthSample, aKeyRecord, EXAMPLE_MS, someKeys, TEST_KEYS } from '../src/builders.ts';
import type { RefusalCode } from '../src/codes.ts';
import { type Frame, packFrame } from '../src/frame.ts';
import { packHealth } from '../src/health.ts';
import { CHANNEL_OF } from '../src/orders.ts';
import { packPing } from '../src/ping.ts';
import {
  SAMPLE_BATCH,
  SAMPLE_DEVICE,
  SAMPLE_MESSAGES,
  SAMPLE_RECEIPT,
  SAMPLE_REFUSAL,
} from '../src/samples.ts';
import { createSigner } from '../src/signing.ts';
import type { Channel } from '../src/topics.ts';
import type { Trust } from '../src/trust.ts';

/** A text and what a reader must make of it: the payload, or the refusal. */
export interface JwsVector {
  readonly name: string;
  readonly jws: string;
  /** Where it arrives; for what a box sends, its own channel. */
  readonly channel: Channel;
  /** `payload`: the exact JSON that was signed. */
  readonly expect: { readonly payload: string } | { readonly code: RefusalCode };
}

/** Bytes in hex, and the parts they are made of. */
export interface BytesVector {
  readonly name: string;
  readonly hex: string;
  /** What they say, or `null` when they must be refused. */
  readonly value: object | null;
}

const root = await createSigner(TEST_KEYS.root);
const order = await createSigner(TEST_KEYS.order);
const device = await createSigner(TEST_KEYS.device);
const stranger = await createSigner(TEST_KEYS.stranger);

/** What the box of the vectors was enrolled with. */
export const VECTOR_TRUST: Trust = {
  device: SAMPLE_DEVICE,
  root: root.publicKey,
  keys: someKeys({ orderKeys: [aKeyRecord(order.publicKey)] }),
};
/** The key of that box itself. */
export const VECTOR_DEVICE_KEY = device.publicKey;
/** MAC key of the vectors' pings and frames. */
export const VECTOR_MAC_KEY = Buffer.alloc(32, 7);
/** The session of the vectors' frames. */
export const VECTOR_SESSION = 'ses_0001';

/** Signs exactly these bytes under exactly this header. */
async function signExactly(text: string, header: Record<string, unknown> = {}): Promise<string> {
  return new CompactSign(Buffer.from(text))
    .setProtectedHeader({
      alg: 'EdDSA',
      kid: order.publicKey.kid,
      typ: 'loa+jws',
      cty: 'application/loa+json',
      ...header,
    })
    .sign(await importJWK({ ...TEST_KEYS.order, alg: 'EdDSA' }, 'EdDSA'));
}

/** Returns `text` with one character changed. */
function altered(text: string, at: number): string {
  return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
}

/** Returns one good order of every kind, and one for every way to be refused, for a box at the example time. */
async function orderVectors(): Promise<readonly JwsVector[]> {
  const good = await Promise.all(
    Object.values(SAMPLE_MESSAGES).map(async (message) => ({
      name: `a good ${message.kind}`,
      jws: await (message.kind === 'keys' ? root : order).sign(message),
      channel: CHANNEL_OF[message.kind],
      expect: { payload: JSON.stringify(message) },
    })),
  );
  const { play, hold, keys, plan } = SAMPLE_MESSAGES;
  const jws = await order.sign(hold);
  const [header = '', payload = '', signature = ''] = jws.split('.');
  const bad: readonly (readonly [string, RefusalCode, string, Channel?])[] = [
    ['a header with one character changed', 'order/bad-header', altered(jws, 12)],
    ['a payload with one character changed', 'order/bad-signature', altered(jws, header.length + 40)],
    ['a signature with one character changed', 'order/bad-signature', altered(jws, jws.length - 40)],
    ['a signature whose spare bits are not zero', 'order/not-jws', jws.slice(0, -1) + spare(jws.at(-1))],
    ['no signature', 'order/not-jws', `${header}.${payload}.`],
    ['a fourth part', 'order/not-jws', `${jws}.${signature}`],
    ['more than 65536 bytes', 'order/too-large', `${header}.${'A'.repeat(65_536)}.${signature}`],
    ['alg none', 'order/bad-header', `${unsigned({ alg: 'none' })}.${payload}.${signature}`],
    ['alg HS256', 'order/bad-header', `${unsigned({ alg: 'HS256' })}.${payload}.${signature}`],
    [
      'a key offered in the header',
      'order/bad-header',
      await signExactly(JSON.stringify(hold), { jwk: { kty: 'OKP' } }),
    ],
    ['another typ', 'order/bad-header', await signExactly(JSON.stringify(hold), { typ: 'JWT' })],
    ['a key that nobody vouched for', 'order/unknown-key', await stranger.sign(hold)],
    ['a key of a box', 'order/unknown-key', await device.sign(hold)],
    [
      'a repeated key in the JSON',
      'order/bad-payload',
      await signExactly(JSON.stringify(hold).replace('"v":1', '"v":1,"v":1')),
    ],
    [
      'white space in the JSON',
      'order/bad-payload',
      await signExactly(JSON.stringify(hold).replace('"v":1', '"v": 1')),
    ],
    ['an unknown field', 'order/bad-payload', await order.sign({ ...hold, extra: true })],
    ['an unknown kind', 'order/bad-payload', await order.sign({ ...hold, kind: 'sing' })],
    ['version 2', 'order/bad-payload', await order.sign({ ...hold, v: 2 })],
    [
      'an act that lives too long',
      'order/bad-payload',
      await order.sign({ ...play, expMs: EXAMPLE_MS + 900_001 }),
    ],
    ['a plan that names no such item', 'order/bad-payload', await order.sign(strayPlan(plan))],
    ['another suite', 'order/wrong-suite', await order.sign({ ...hold, suite: 'sm2-1' })],
    ['another box', 'order/wrong-device', await order.sign({ ...hold, device: 'loa-other' })],
    ['a hold on the channel of answers', 'order/wrong-channel', jws, 'welcome'],
    ['a hold by the root', 'order/wrong-signer', await root.sign(hold)],
    ['keys by an order key', 'order/wrong-signer', await order.sign(keys)],
  ];
  return [
    ...good,
    ...bad.map(([name, code, text, channel = 'order']) => ({ name, jws: text, channel, expect: { code } })),
  ];
}

const unsigned = (change: object) =>
  Buffer.from(
    JSON.stringify({
      alg: 'EdDSA',
      kid: order.publicKey.kid,
      typ: 'loa+jws',
      cty: 'application/loa+json',
      ...change,
    }),
  ).toString('base64url');
/** The next character of the alphabet: the same 2 bits, and a spare bit set. */
const spare = (last = 'A') => String.fromCharCode(last.charCodeAt(0) + 1);

function strayPlan(plan: (typeof SAMPLE_MESSAGES)['plan']): object {
  if (plan.body.kind !== 'inline') throw new Error('the sample plan is inline');
  return { ...plan, body: { kind: 'inline', content: { ...plan.body.content, items: [] } } };
}

/** Returns what a box sends, good and refused. */
async function fromBoxVectors(): Promise<readonly JwsVector[]> {
  const receipt = await device.sign(SAMPLE_RECEIPT);
  const gap = { ...SAMPLE_BATCH, events: SAMPLE_BATCH.events.filter((_, index) => index !== 1) };
  const good = (name: string, channel: Channel, jws: string, payload: object) => ({
    name,
    channel,
    jws,
    expect: { payload: JSON.stringify(payload) },
  });
  const bad = (name: string, channel: Channel, jws: string, code: RefusalCode) => ({
    name,
    channel,
    jws,
    expect: { code },
  });
  return [
    good('a receipt that accepts', 'receipt', receipt, SAMPLE_RECEIPT),
    good('a receipt that refuses', 'receipt', await device.sign(SAMPLE_REFUSAL), SAMPLE_REFUSAL),
    good(
      'a journal batch with every kind of event',
      'journal',
      await device.sign(SAMPLE_BATCH),
      SAMPLE_BATCH,
    ),
    bad('a journal batch with a gap', 'journal', await device.sign(gap), 'order/bad-payload'),
    bad('a journal batch by another key', 'journal', await stranger.sign(SAMPLE_BATCH), 'order/unknown-key'),
    bad(
      'a receipt with one character changed',
      'receipt',
      altered(receipt, receipt.length - 40),
      'order/bad-signature',
    ),
    bad(
      'a receipt of another suite',
      'receipt',
      await device.sign({ ...SAMPLE_RECEIPT, suite: 'sm2-1' }),
      'order/wrong-suite',
    ),
    bad(
      'a receipt signed for another box',
      'receipt',
      await device.sign({ ...SAMPLE_RECEIPT, device: 'loa-other' }),
      'order/wrong-device',
    ),
  ];
}

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const flipLast = (bytes: Uint8Array) =>
  Uint8Array.from(bytes, (byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte));

/** Returns health samples: a quiet box, one that can measure nothing, and bytes that are none. */
function healthVectors(): readonly BytesVector[] {
  const nothing = {
    gainDb: null,
    cpuTemperatureC: null,
    freeStoragePercent: null,
    storageWearPercent: null,
    batteryV: null,
    signalDbm: null,
    lossPercent: null,
    roundTripMs: null,
    lineOhm: null,
    amplifierTemperatureC: null,
  };
  const samples = [
    ['a quiet box', aHealthSample({ batteryV: 12.6, lineOhm: 8.2, gainDb: -3.5 })],
    ['a hot amplifier', aHealthSample({ amplifierTemperatureC: 71, droppedTelemetry: 3 })],
    ['a box that can measure nothing', aHealthSample({ ...nothing, clock: 'untrusted', supply: 'unknown' })],
  ] as const;
  const short = hexOf(packHealth(aHealthSample())).slice(0, -2);
  return [
    ...samples.map(([name, sample]) => ({
      name,
      hex: hexOf(packHealth(sample)),
      value: { ...sample, pingEcho: hexOf(sample.pingEcho) },
    })),
    { name: 'a sample that was cut', hex: short, value: null },
  ];
}

/** Returns pings for the box of the vectors. */
function pingVectors(): readonly BytesVector[] {
  const nonce = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const ping = packPing(VECTOR_MAC_KEY, SAMPLE_DEVICE, nonce);
  return [
    { name: 'a ping', hex: hexOf(ping), value: { nonce: hexOf(nonce) } },
    { name: 'a ping with its last bit flipped', hex: hexOf(flipLast(ping)), value: null },
    { name: 'a ping of another box', hex: hexOf(packPing(VECTOR_MAC_KEY, 'loa-other', nonce)), value: null },
  ];
}

/** Returns frames of the session of the vectors. */
function frameVectors(): readonly BytesVector[] {
  const frame: Frame = { seq: 41, playAtMs: EXAMPLE_MS + 60, packet: Uint8Array.of(0x78, 1, 2, 3) };
  const bytes = packFrame(VECTOR_MAC_KEY, VECTOR_SESSION, frame);
  return [
    { name: 'a frame', hex: hexOf(bytes), value: { ...frame, packet: hexOf(frame.packet) } },
    { name: 'a frame with its last bit flipped', hex: hexOf(flipLast(bytes)), value: null },
    {
      name: 'a frame of another session',
      hex: hexOf(packFrame(VECTOR_MAC_KEY, 'ses_0002', frame)),
      value: null,
    },
  ];
}

/** Returns every vector file of `contract/vectors`, by name, as it stands on disk. */
export async function vectorFiles(): Promise<ReadonlyMap<string, string>> {
  const given = { trust: VECTOR_TRUST, nowMs: EXAMPLE_MS };
  const macKey = VECTOR_MAC_KEY.toString('hex');
  const files: Record<string, object> = {
    'orders.json': { given, vectors: await orderVectors() },
    'from-box.json': {
      given: { device: SAMPLE_DEVICE, key: VECTOR_DEVICE_KEY },
      vectors: await fromBoxVectors(),
    },
    'health.json': { vectors: healthVectors() },
    'ping.json': { given: { device: SAMPLE_DEVICE, macKey }, vectors: pingVectors() },
    'frame.json': { given: { sessionId: VECTOR_SESSION, macKey }, vectors: frameVectors() },
  };
  return new Map(Object.entries(files).map(([name, value]) => [name, `${JSON.stringify(value, null, 2)}\n`]));
}
