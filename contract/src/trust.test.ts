import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { aKeyRecord, EXAMPLE_MS, someKeys, TEST_KEYS } from './builders.ts';
import { CHANNEL_OF, EVERY_BOX, type MessageKind, type SignedMessage } from './orders.ts';
import { SAMPLE_DEVICE, SAMPLE_MESSAGES } from './samples.ts';
import { createSigner, type Signer } from './signing.ts';
import { CHANNELS, channelsOf } from './topics.ts';
import { openMessage, type Trust } from './trust.ts';

const messages: readonly SignedMessage[] = Object.values(SAMPLE_MESSAGES);
let root: Signer;
let order: Signer;
let stranger: Signer;
let trust: Trust;

beforeAll(async () => {
  [root, order, stranger] = await Promise.all([
    createSigner(TEST_KEYS.root),
    createSigner(TEST_KEYS.order),
    createSigner(TEST_KEYS.stranger),
  ]);
  trust = {
    device: SAMPLE_DEVICE,
    root: root.publicKey,
    keys: someKeys({ orderKeys: [aKeyRecord(order.publicKey)] }),
  };
});

const signerOf = (kind: MessageKind) => (kind === 'keys' ? root : order);
const signed = (message: { readonly kind: MessageKind }) => signerOf(message.kind).sign(message);
const withKeys = (overrides: Parameters<typeof aKeyRecord>[1]): Trust => ({
  ...trust,
  keys: someKeys({ orderKeys: [aKeyRecord(order.publicKey, overrides)] }),
});

/** Every way to reach a leaf of a message, as a path of keys. */
function* leaves(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== 'object' || value === null) yield path;
  else for (const [key, inner] of Object.entries(value)) yield* leaves(inner, [...path, key]);
}

/** Returns a copy of `message` whose leaf at `path` is another value of the same type. */
function altered(message: SignedMessage, path: readonly string[]): object {
  const copy: Record<string, unknown> = structuredClone(message);
  let inner = copy;
  for (const key of path.slice(0, -1)) inner = inner[key] as Record<string, unknown>;
  const last = path.at(-1) ?? '';
  const value = inner[last];
  inner[last] =
    typeof value === 'number'
      ? value + 1
      : typeof value === 'boolean'
        ? !value
        : value === null
          ? 1
          : `${value}0`;
  return copy;
}

describe('P1: a box opens', () => {
  it.each(messages)('a $kind message that its own key signed, on its own channel', async (message) => {
    const judged = await openMessage(await signed(message), trust, {
      channel: CHANNEL_OF[message.kind],
      nowMs: EXAMPLE_MS,
    });
    expect(judged).toEqual({ ok: true, message, kid: signerOf(message.kind).publicKey.kid });
  });

  it('the first keys it ever sees by the root alone, and nothing else with them', async () => {
    const bare = { ...trust, keys: undefined };
    expect(await openMessage(await signed(SAMPLE_MESSAGES.keys), bare)).toMatchObject({ ok: true });
    expect(await openMessage(await signed(SAMPLE_MESSAGES.plan), bare)).toMatchObject({
      code: 'order/unknown-key',
    });
  });

  it('a stored message without asking for its channel', async () => {
    expect(await openMessage(await signed(SAMPLE_MESSAGES.hold), trust)).toMatchObject({ ok: true });
  });
});

describe('P1: a box refuses', () => {
  it.each(messages)('a $kind message with any one field altered under the old signature', async (message) => {
    const jws = await signed(message);
    const [header = '', , signature = ''] = jws.split('.');
    for (const path of leaves(message)) {
      const [, payload = ''] = (await signed(altered(message, path) as SignedMessage)).split('.');
      const judged = await openMessage(`${header}.${payload}.${signature}`, trust);
      expect(judged, path.join('.')).toMatchObject({ ok: false, code: 'order/bad-signature' });
    }
  });

  it('every mutation of an order: accepted 0', async () => {
    const originals = await Promise.all(messages.map(signed));
    const characters = fc.constantFrom(
      ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...originals),
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), characters), {
          minLength: 1,
          maxLength: 4,
        }),
        async (jws, changes) => {
          const text = [...jws];
          for (const [place, character] of changes) text[Math.floor(place * (text.length - 1))] = character;
          fc.pre(text.join('') !== jws);
          expect((await openMessage(text.join(''), trust)).ok).toBe(false);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each(messages)('a $kind message on every channel but its own', async (message) => {
    const jws = await signed(message);
    for (const channel of [...channelsOf('to-box'), ...channelsOf('from-box')]) {
      const judged = await openMessage(jws, trust, { channel });
      if (channel === CHANNEL_OF[message.kind]) expect(judged.ok).toBe(true);
      else expect(judged).toMatchObject({ ok: false, code: 'order/wrong-channel' });
    }
  });

  it.each(messages.filter(({ kind }) => kind !== 'keys'))(
    'a $kind message for another box, or for all',
    async (message) => {
      const forBox = (device: string) => order.sign({ ...message, device });
      expect(await openMessage(await forBox('loa-other'), trust)).toMatchObject({
        ok: false,
        code: 'order/wrong-device',
      });
      expect(await openMessage(await forBox(EVERY_BOX), trust)).toMatchObject({
        ok: false,
        code: 'order/bad-payload',
      });
    },
  );

  it('keys for one box: the root speaks to the whole site', async () => {
    const jws = await root.sign({ ...SAMPLE_MESSAGES.keys, device: SAMPLE_DEVICE });
    expect(await openMessage(jws, trust)).toMatchObject({ ok: false, code: 'order/bad-payload' });
  });

  it.each(messages)('a $kind message signed by the wrong one of root and order key', async (message) => {
    const wrong = message.kind === 'keys' ? order : root;
    expect(await openMessage(await wrong.sign(message), trust)).toMatchObject({
      ok: false,
      code: 'order/wrong-signer',
    });
  });

  it.each(messages)(
    'a $kind message of another suite, version or kind, or with one more field',
    async (message) => {
      const sign = (change: object) => signerOf(message.kind).sign({ ...message, ...change });
      expect(await openMessage(await sign({ suite: 'sm2-1' }), trust)).toMatchObject({
        code: 'order/wrong-suite',
      });
      for (const change of [
        { suite: 1 },
        { v: 2 },
        { kind: 'dance' },
        { extra: 1 },
        { body: null },
        { id: 'a b' },
      ])
        expect(await openMessage(await sign(change), trust), JSON.stringify(change)).toMatchObject({
          ok: false,
          code: 'order/bad-payload',
        });
    },
  );

  it('what is signed but no message, in words that name the field', async () => {
    expect(await openMessage(await order.sign([1]), trust)).toMatchObject({ code: 'order/bad-payload' });
    const judged = await openMessage(await order.sign({ ...SAMPLE_MESSAGES.ack, issuedAtMs: 'now' }), trust);
    expect(judged).toMatchObject({ code: 'order/bad-payload', why: expect.stringContaining('issuedAtMs') });
  });

  it('a key it was never told of', async () => {
    expect(await openMessage(await stranger.sign(SAMPLE_MESSAGES.play), trust)).toMatchObject({
      code: 'order/unknown-key',
    });
  });

  it('a revoked key, whatever the time is', async () => {
    const jws = await signed(SAMPLE_MESSAGES.play);
    for (const options of [{}, { nowMs: EXAMPLE_MS }])
      expect(await openMessage(jws, withKeys({ revoked: true }), options)).toMatchObject({
        code: 'order/key-not-valid',
      });
  });

  it('a key before its first and after its last millisecond, which both still count', async () => {
    const jws = await signed(SAMPLE_MESSAGES.play);
    const dated = withKeys({ notBeforeMs: EXAMPLE_MS, notAfterMs: EXAMPLE_MS + 1000 });
    const at = (nowMs: number) => openMessage(jws, dated, { nowMs });
    expect(await at(EXAMPLE_MS - 1)).toMatchObject({ code: 'order/key-not-valid' });
    expect(await at(EXAMPLE_MS)).toMatchObject({ ok: true });
    expect(await at(EXAMPLE_MS + 1000)).toMatchObject({ ok: true });
    expect(await at(EXAMPLE_MS + 1001)).toMatchObject({ code: 'order/key-not-valid' });
    expect(await openMessage(jws, dated)).toMatchObject({ ok: true }); // no trusted time: dates are not judged
  });

  it('more bytes than it was told to read', async () => {
    expect(await openMessage(await signed(SAMPLE_MESSAGES.plan), trust, { maxBytes: 100 })).toMatchObject({
      code: 'order/too-large',
    });
  });

  it('any text and any signed value whatever, without falling over', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string(),
        fc.jsonValue(),
        fc.constantFrom(...messages),
        async (text, value, message) => {
          const odd = typeof value === 'object' && value !== null ? value : { value };
          for (const jws of [
            text,
            await order.sign(odd),
            await order.sign({ ...message, body: value }),
            await root.sign(odd),
          ])
            expect(await openMessage(jws, trust)).toMatchObject({ ok: false, code: expect.any(String) });
        },
      ),
    );
  });

  it('what the schema cannot see', async () => {
    const immortal = { ...SAMPLE_MESSAGES.play, expMs: SAMPLE_MESSAGES.play.issuedAtMs + 3_600_000 };
    expect(await openMessage(await signed(immortal), trust)).toMatchObject({
      code: 'order/bad-payload',
      why: expect.stringContaining('at most 900000 ms'),
    });
  });
});

describe('the channels', () => {
  it('of all messages go to the box', () => {
    for (const channel of Object.values(CHANNEL_OF)) expect(CHANNELS[channel].direction).toBe('to-box');
  });
});
