import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { CompactSign, importJWK } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { aPlan, TEST_KEYS } from './builders.ts';
import { LIMITS } from './limits.ts';
import { createSigner, openJws, type PublicKey, type Signer } from './signing.ts';

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const payload = { hello: 'Xã Vĩnh Quang', count: 3 };
let signer: Signer;
let stranger: Signer;
let jws: string;

beforeAll(async () => {
  signer = await createSigner(TEST_KEYS.order);
  stranger = await createSigner(TEST_KEYS.stranger);
  jws = await signer.sign(payload);
});

const open = (text: string, maxBytes?: number) =>
  openJws(
    text,
    (kid): PublicKey | undefined => (kid === signer.publicKey.kid ? signer.publicKey : undefined),
    maxBytes,
  );

/** Signs any bytes under any header with the trusted key, as only its holder could. */
async function signRaw(bytes: Uint8Array | string, header: Record<string, unknown> = {}): Promise<string> {
  const all = {
    alg: 'EdDSA',
    kid: signer.publicKey.kid,
    typ: 'loa+jws',
    cty: 'application/loa+json',
    ...header,
  };
  const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return new CompactSign(typeof bytes === 'string' ? Buffer.from(bytes) : bytes)
    .setProtectedHeader(kept as { alg: string })
    .sign(await importJWK({ ...TEST_KEYS.order, alg: 'EdDSA' }, 'EdDSA'), { crit: { b64: true, exp: true } });
}

/** A JWS text with a hand-written header, signed by the trusted key. */
async function signUnderHeader(header: string): Promise<string> {
  const key = await crypto.subtle.importKey('jwk', TEST_KEYS.order, 'Ed25519', false, ['sign']);
  const input = `${Buffer.from(header).toString('base64url')}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;
  const signature = await crypto.subtle.sign('Ed25519', key, Buffer.from(input));
  return `${input}.${Buffer.from(signature).toString('base64url')}`;
}

describe('P1: a signed text', () => {
  it('opens to its payload under the key that signed it', async () => {
    expect(await open(jws)).toEqual({ ok: true, kid: signer.publicKey.kid, payload });
  });

  it('is the same text each time, so that its hash can stand for it', async () => {
    expect(await signer.sign(payload)).toBe(jws);
  });

  it('names its key by the RFC 7638 thumbprint', () => {
    expect(signer.publicKey).toEqual({
      kid: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      x: TEST_KEYS.order.x,
    });
  });

  it('is refused when any one of its characters is replaced by any other of the alphabet', async () => {
    for (let at = 0; at < jws.length; at++) {
      if (jws[at] === '.') continue;
      const step = at === jws.length - 1 ? 1 : 7; // the last character has spare bits: try each of its values
      for (let shift = 1; shift < 64; shift += step) {
        const other = BASE64URL[(BASE64URL.indexOf(jws[at] ?? '') + shift) % 64];
        const opened = await open(jws.slice(0, at) + other + jws.slice(at + 1));
        expect(opened.ok, `character ${at} replaced by ${other}`).toBe(false);
      }
    }
  });

  it('is refused however it was cut, stretched or shuffled', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(jws.length),
        fc.nat(8),
        fc.string({ unit: fc.constantFrom(...BASE64URL, '.', '=', ' ', '\n'), maxLength: 8 }),
        async (at, cut, insert) => {
          const text = jws.slice(0, at) + insert + jws.slice(at + cut);
          fc.pre(text !== jws);
          expect((await open(text)).ok).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ['the header', 0],
    ['the payload', 1],
    ['the signature', 2],
  ])('cannot borrow %s of another one', async (_, part) => {
    const other = (await signer.sign({ ...payload, count: 4 })).split('.');
    const foreign = (await stranger.sign(payload)).split('.');
    const mixed = jws
      .split('.')
      .map((text, index) => (index === part ? (part === 0 ? foreign[0] : other[part]) : text));
    expect((await open(mixed.join('.'))).ok).toBe(false);
  });

  it('is refused under a key that is not trusted', async () => {
    expect(await open(await stranger.sign(payload))).toMatchObject({ ok: false, code: 'order/unknown-key' });
  });

  it('is refused when another key signed it under a trusted name', async () => {
    const key = await importJWK({ ...TEST_KEYS.stranger, alg: 'EdDSA' }, 'EdDSA');
    const header = { alg: 'EdDSA', kid: signer.publicKey.kid, typ: 'loa+jws', cty: 'application/loa+json' };
    const forged = await new CompactSign(Buffer.from(JSON.stringify(payload)))
      .setProtectedHeader(header)
      .sign(key);
    expect(await open(forged)).toMatchObject({ ok: false, code: 'order/bad-signature' });
  });

  it('is refused when the trusted key itself is no point of the curve', async () => {
    const broken = { kid: signer.publicKey.kid, x: 'A'.repeat(42) };
    expect(await openJws(jws, () => broken)).toMatchObject({ ok: false, code: 'order/bad-signature' });
  });
});

describe('the keys that were imported', () => {
  it('are forgotten after a thousand, and imported again when they come back', async () => {
    for (let index = 0; index < 1002; index++) {
      const x = Buffer.alloc(32, `${index} `).toString('base64url');
      expect((await openJws(jws, ({ length }) => ({ kid: 'k'.repeat(length), x }))).ok).toBe(false);
    }
    expect(await open(jws)).toMatchObject({ ok: true });
  });
});

describe('P1: the header is exactly ours', () => {
  it.each([
    ['another typ', { typ: 'JWT' }],
    ['no typ', { typ: undefined }],
    ['another cty', { cty: 'application/json' }],
    ['no cty', { cty: undefined }],
    ['no kid', { kid: undefined }],
    ['an algorithm with another name', { alg: 'Ed25519' }],
    ['b64', { b64: true, crit: ['b64'] }],
    ['crit', { exp: 1, crit: ['exp'] }],
    ['jku', { jku: 'https://example.test/keys' }],
    ['jwk', { jwk: { kty: 'OKP', crv: 'Ed25519', x: TEST_KEYS.stranger.x } }],
    ['x5u', { x5u: 'https://example.test/cert' }],
    ['zip', { zip: 'DEF' }],
  ])('with %s it is refused though the signature fits', async (_, header) => {
    const text =
      'alg' in header
        ? await signUnderHeader(
            `{"alg":"Ed25519","kid":"${signer.publicKey.kid}","typ":"loa+jws","cty":"application/loa+json"}`,
          )
        : await signRaw(JSON.stringify(payload), header);
    expect(await open(text)).toMatchObject({ ok: false, code: 'order/bad-header' });
  });

  it.each([
    [
      'alg none',
      (kid: string) => `{"alg":"none","kid":"${kid}","typ":"loa+jws","cty":"application/loa+json"}`,
    ],
    [
      'a repeated alg',
      (kid: string) =>
        `{"alg":"none","alg":"EdDSA","kid":"${kid}","typ":"loa+jws","cty":"application/loa+json"}`,
    ],
    [
      'white space',
      (kid: string) => `{"alg":"EdDSA", "kid":"${kid}","typ":"loa+jws","cty":"application/loa+json"}`,
    ],
    ['a kid that is a number', () => '{"alg":"EdDSA","kid":1,"typ":"loa+jws","cty":"application/loa+json"}'],
    ['an array', () => '["EdDSA"]'],
    ['null', () => 'null'],
    ['no JSON', () => '{'],
  ])('%s in it is refused', async (_, header) => {
    expect(await open(await signUnderHeader(header(signer.publicKey.kid)))).toMatchObject({
      ok: false,
      code: 'order/bad-header',
    });
  });

  it.each(['HS256', 'ES256', 'RS256', 'none', 'eddsa'])(
    'alg %s is refused before any key is asked',
    async (alg) => {
      const header = Buffer.from(
        JSON.stringify({ alg, kid: 'k', typ: 'loa+jws', cty: 'application/loa+json' }),
      );
      const text = `${header.toString('base64url')}.e30.${'A'.repeat(86)}`;
      const keyOf = (): PublicKey => {
        throw new Error('asked for a key');
      };
      expect(await openJws(text, keyOf)).toMatchObject({ ok: false, code: 'order/bad-header' });
    },
  );

  it.each([
    '',
    '.',
    '..',
    'e30.e30',
    `e30.e30.${'A'.repeat(85)}`,
    `e30..${'A'.repeat(86)}`,
    `e30.e30.${'A'.repeat(86)}.`,
    'ơ',
  ])('what is no compact JWS is refused unread: %j', async (text) => {
    expect(await open(text)).toMatchObject({ ok: false, code: 'order/not-jws' });
  });
});

describe('the payload', () => {
  it.each([
    ['a repeated key', '{"count":1,"count":2}'],
    ['white space', '{ "count": 1 }'],
    ['a line feed at the end', '{"count":1}\n'],
    ['a byte-order mark', '\uFEFF{"count":1}'],
    ['an escape that was not needed', '{"c\\u006funt":1}'],
    ['a number in another form', '{"count":1.0}'],
    ['a hidden prototype with a repeated key', '{"__proto__":{},"__proto__":{}}'],
    ['no JSON', 'count'],
    ['nothing in it', ' '],
    ['nesting without end', '['.repeat(40_000)],
  ])('with %s is refused though the signature fits', async (_, text) => {
    expect(await open(await signRaw(text))).toMatchObject({ ok: false, code: 'order/bad-payload' });
  });

  it('that is not UTF-8 is refused', async () => {
    const bytes = Uint8Array.of(0x22, 0xc3, 0x28, 0x22);
    expect(await open(await signRaw(bytes))).toMatchObject({ ok: false, code: 'order/bad-payload' });
  });

  it('is deflated when that is smaller, and comes back the same', async () => {
    const plan = aPlan({ count: 100 });
    const text = await signer.sign(plan);
    expect(text.length).toBeLessThan(JSON.stringify(plan).length / 4);
    expect(await open(text)).toMatchObject({ ok: true, payload: plan });
  });

  it('stays plain when deflating gains nothing', async () => {
    const noise = { text: Buffer.from(crypto.getRandomValues(new Uint8Array(1500))).toString('latin1') };
    expect(await open(await signer.sign(noise))).toMatchObject({ ok: true, payload: noise });
  });

  it('called deflated that is not, or cut short, is refused', async () => {
    const cty = { cty: 'application/loa+deflate' };
    const short = deflateRawSync(Buffer.from(JSON.stringify(payload))).subarray(0, 12);
    for (const bytes of [Buffer.from(JSON.stringify(payload)), short])
      expect(await open(await signRaw(bytes, cty))).toMatchObject({ ok: false, code: 'order/bad-payload' });
  });

  it.each([
    ['in MQTT', LIMITS.mqttPayload, 2 * 1024 * 1024],
    ['fetched by hash', LIMITS.fetchedOrder, LIMITS.inflatedPayload],
  ])(
    '%s may inflate to its limit and is refused beyond, before it fills the memory',
    async (_, maxBytes, limit) => {
      const bombOf = (bytes: number) =>
        signRaw(deflateRawSync(JSON.stringify(' '.repeat(bytes - 2)), { level: 9 }), {
          cty: 'application/loa+deflate',
        });
      const bomb = await bombOf(limit + 1);
      expect(bomb.length).toBeLessThan(LIMITS.mqttPayload);
      expect(await open(bomb, maxBytes)).toMatchObject({ ok: false, code: 'order/bad-payload' });
      expect(await open(await bombOf(limit), maxBytes)).toMatchObject({ ok: true });
    },
  );

  it('may be as long as the limit and not a byte longer', async () => {
    expect(await open(jws, jws.length)).toMatchObject({ ok: true });
    expect(await open(jws, jws.length - 1)).toMatchObject({ ok: false, code: 'order/too-large' });
    expect(await open('x'.repeat(LIMITS.mqttPayload + 1))).toMatchObject({
      ok: false,
      code: 'order/too-large',
    });
  });
});
