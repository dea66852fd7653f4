import { createHash } from 'node:crypto';
import { fingerprintWords } from '@loa/contract';
import { AppError } from '@loa/kernel';
import { Pkcs10CertificateRequest } from '@peculiar/x509';
import type { ControllerErrorCode } from '../errors.ts';

/** The key of a box that proved to hold it. */
export interface ProvenKey {
  /** RFC 8037 `x` and its RFC 7638 thumbprint. */
  readonly x: string;
  readonly kid: string;
  /** What the box says aloud, for a person to compare. */
  readonly words: readonly string[];
}

/** An Ed25519 SubjectPublicKeyInfo (RFC 8410 §4) is these 12 bytes and the 32 of the key. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * Reads a PKCS#10 request and checks its own signature: whoever made it holds the key.
 * @throws {AppError} edge/bad-request when it is not a request, not of an Ed25519 key, or not signed by that key.
 */
export async function readCsr(pem: string): Promise<ProvenKey> {
  try {
    const csr = new Pkcs10CertificateRequest(pem);
    const spki = Buffer.from(csr.publicKey.rawData);
    const raw = spki.subarray(SPKI_PREFIX.length);
    if (!spki.subarray(0, SPKI_PREFIX.length).equals(SPKI_PREFIX) || raw.length !== 32)
      throw new Error('its key is not an Ed25519 key');
    if (!(await csr.verify())) throw new Error('its signature is not by its own key');
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
