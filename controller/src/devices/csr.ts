import { createHash, createPublicKey, verify } from 'node:crypto';
import { fingerprintWords } from '@loa/contract';
import { AppError } from '@loa/kernel';
import type { ControllerErrorCode } from '../errors.ts';
import { type DerElement, derElements } from './der.ts';

/** The key of a box that proved to hold it. */
export interface ProvenKey {
  /** RFC 8037 `x` and its RFC 7638 thumbprint. */
  readonly x: string;
  readonly kid: string;
  /** What the box says aloud, for a person to compare. */
  readonly words: readonly string[];
}

const PEM =
  /^-----BEGIN CERTIFICATE REQUEST-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END CERTIFICATE REQUEST-----\s*$/;
/** RFC 8410 §3 and §4: the algorithm's identifier, and what stands before the 32 bytes of a public key. */
const ED25519 = Buffer.from('300506032b6570', 'hex');
const SEQUENCE = 0x30;
const BIT_STRING = 0x03;
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * Reads a PKCS#10 request (RFC 2986) and checks its own signature: whoever made it holds the key. Only the key is taken from
 * it; names and wishes in it mean nothing.
 * @throws {AppError} edge/bad-request when it is not a request, not of an Ed25519 key, or not signed by that key.
 */
export function readCsr(pem: string): ProvenKey {
  try {
    const { info, signature } = parts(pem);
    const [, , spki] = derElements(info.content);
    const raw = spki?.bytes.subarray(SPKI_PREFIX.length);
    if (!spki?.bytes.subarray(0, SPKI_PREFIX.length).equals(SPKI_PREFIX) || raw?.length !== 32)
      throw new Error('its key is not an Ed25519 key');
    const key = createPublicKey({ key: spki.bytes, format: 'der', type: 'spki' });
    if (!verify(null, info.bytes, key, signature)) throw new Error('its signature is not by its own key');
    const x = raw.toString('base64url');
    const kid = createHash('sha256')
      .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x })) // RFC 7638 §3.2: members in this order
      .digest('base64url');
    return { x, kid, words: fingerprintWords(raw) };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AppError<ControllerErrorCode>(`the certificate request cannot be used: ${why}`, {
      code: 'edge/bad-request',
      cause,
      details: { fields: [{ path: 'csrPem', message: why }] },
    });
  }
}

function parts(pem: string): { readonly info: DerElement; readonly signature: Buffer } {
  const base64 = PEM.exec(pem)?.[1];
  if (base64 === undefined) throw new Error('it is not a certificate request in PEM');
  const [request, ...more] = derElements(Buffer.from(base64, 'base64'));
  if (request?.tag !== SEQUENCE || more.length > 0) throw new Error('it is not one sequence');
  const [info, algorithm, signature, ...others] = derElements(request.content);
  if (info?.tag !== SEQUENCE || signature?.tag !== BIT_STRING || others.length > 0)
    throw new Error('it does not have the three parts of a request');
  if (!algorithm?.bytes.equals(ED25519)) throw new Error('it is not signed by Ed25519');
  if (signature.content[0] !== 0) throw new Error('its signature is not whole bytes');
  return { info, signature: signature.content.subarray(1) };
}
