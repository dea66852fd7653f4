import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { CompactSign, calculateJwkThumbprint, compactVerify, importJWK } from 'jose';
import { z } from 'zod';
import { LIMITS } from './limits.ts';

/** A public Ed25519 key: its RFC 7638 thumbprint and the RFC 8037 `x` coordinate. */
export interface PublicKey {
  readonly kid: string;
  readonly x: string;
}

/** A private Ed25519 key as a JWK; keep it in a file of mode 0600. */
export interface PrivateJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly d: string;
}

/** Signs payloads with one key. */
export interface Signer {
  readonly publicKey: PublicKey;
  /** Returns JWS compact over the UTF-8 JSON of `payload`, deflated when that is smaller. */
  sign(payload: object): Promise<string>;
}

const TYP = 'loa+jws';
const JSON_TYPE = 'application/loa+json';
const DEFLATE_TYPE = 'application/loa+deflate';
/** Below this a deflated payload gains nothing and costs readability. */
const DEFLATE_FROM_BYTES = 1024;
/**
 * Three base64url parts, the last 64 bytes long. Its last character carries 2 bits: the other 4 must be zero (RFC 4648 §3.5),
 * else sixteen texts would bear one signature and the digest of a stored order would mean nothing.
 */
const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{85}[AQgw]$/;

/** Returns the signer of a private key. */
export async function createSigner(jwk: PrivateJwk): Promise<Signer> {
  const { kty, crv, x } = jwk;
  const key = await importJWK({ ...jwk, alg: 'EdDSA' }, 'EdDSA');
  const kid = await calculateJwkThumbprint({ kty, crv, x });
  return {
    publicKey: { kid, x },
    async sign(payload) {
      const json = Buffer.from(JSON.stringify(payload));
      const deflated = json.length < DEFLATE_FROM_BYTES ? json : deflateRawSync(json, { level: 9 });
      const smaller = deflated.length < json.length;
      return new CompactSign(smaller ? deflated : json)
        .setProtectedHeader({ alg: 'EdDSA', kid, typ: TYP, cty: smaller ? DEFLATE_TYPE : JSON_TYPE })
        .sign(key);
    },
  };
}

/** What `openJws` found: the payload, still unparsed by any schema, or why it was refused. */
export type Opened =
  | { readonly ok: true; readonly kid: string; readonly payload: unknown }
  | {
      readonly ok: false;
      readonly code:
        | 'order/too-large'
        | 'order/not-jws'
        | 'order/bad-header'
        | 'order/unknown-key'
        | 'order/bad-signature'
        | 'order/bad-payload';
      readonly why: string;
    };

const refuse = (code: Extract<Opened, { ok: false }>['code'], why: string): Opened => ({
  ok: false,
  code,
  why,
});

const protectedHeader = z.strictObject({
  alg: z.literal('EdDSA'),
  kid: z.string(),
  typ: z.literal(TYP),
  cty: z.enum([JSON_TYPE, DEFLATE_TYPE]),
});

/** The header is refused unless it is exactly ours: no `crit`, `b64`, `jku`, `jwk` or `x5u` may steer the check. */
function readHeader(jws: string): z.output<typeof protectedHeader> | undefined {
  try {
    const text = jws.slice(0, jws.indexOf('.'));
    return protectedHeader.parse(parseExact(Buffer.from(text, 'base64url')));
  } catch {
    return undefined;
  }
}

/** Parses JSON that is written in exactly one way, so that a repeated key cannot mean two things to two readers. */
function parseExact(bytes: Uint8Array): unknown {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const value: unknown = JSON.parse(text);
  if (JSON.stringify(value) !== text) throw new SyntaxError('the JSON is not in its one exact form');
  return value;
}

/**
 * Verifies a JWS compact text and returns its payload. Verification comes first; only verified bytes are inflated and parsed.
 * @param keyOf returns the key of a `kid`, or `undefined` when it is not trusted.
 * @param maxBytes the longest text that is looked at (default: what may travel in MQTT).
 */
export async function openJws(
  jws: string,
  keyOf: (kid: string) => PublicKey | undefined,
  maxBytes: number = LIMITS.mqttPayload,
): Promise<Opened> {
  if (jws.length > maxBytes)
    return refuse('order/too-large', `${jws.length} bytes, at most ${maxBytes} are read`);
  if (!COMPACT.test(jws)) return refuse('order/not-jws', 'not a compact JWS');
  const header = readHeader(jws);
  if (!header)
    return refuse(
      'order/bad-header',
      'the protected header is not exactly alg, kid, typ, cty of this protocol',
    );
  const key = keyOf(header.kid);
  if (!key) return refuse('order/unknown-key', `no trusted key has the id ${header.kid}`);
  let bytes: Uint8Array;
  try {
    const verified = await compactVerify(jws, await importVerifyKey(key), { algorithms: ['EdDSA'] });
    bytes = verified.payload;
  } catch {
    return refuse('order/bad-signature', 'the signature does not fit the bytes');
  }
  try {
    const plain =
      header.cty === DEFLATE_TYPE
        ? inflateRawSync(bytes, {
            maxOutputLength: Math.min(LIMITS.inflatedPayload, maxBytes * LIMITS.inflation),
          })
        : bytes;
    return { ok: true, kid: header.kid, payload: parseExact(plain) };
  } catch (error) {
    return refuse('order/bad-payload', String(error));
  }
}

const verifyKeys = new Map<string, ReturnType<typeof importJWK>>();

/** Importing a key costs more than using it, and a site has a handful of them. */
function importVerifyKey({ x }: PublicKey): ReturnType<typeof importJWK> {
  let key = verifyKeys.get(x);
  if (!key) {
    if (verifyKeys.size > 1000) verifyKeys.clear();
    key = importJWK({ kty: 'OKP', crv: 'Ed25519', x }, 'EdDSA');
    verifyKeys.set(x, key);
  }
  return key;
}
