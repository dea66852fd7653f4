import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { PrivateJwk } from '@loa/contract';

/** DER (X.690 §10.1) of one element; its length takes as few bytes as it can. */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  return Buffer.concat([Buffer.of(tag), lengthOf(body.length), body]);
}

function lengthOf(bytes: number): Buffer {
  if (bytes < 0x80) return Buffer.of(bytes);
  return bytes < 0x100 ? Buffer.of(0x81, bytes) : Buffer.of(0x82, bytes >> 8, bytes & 0xff);
}

const SEQUENCE = 0x30;
const SET = 0x31;
const VERSION_0 = der(0x02, Buffer.of(0));
const COMMON_NAME = der(0x06, Buffer.from('550403', 'hex')); // 2.5.4.3
const ED25519 = der(SEQUENCE, der(0x06, Buffer.from('2b6570', 'hex'))); // 1.3.101.112, RFC 8410
const NO_ATTRIBUTES = der(0xa0);

/**
 * Returns a PKCS#10 request (RFC 2986) in PEM, signed by the box's own key: the proof that it holds it.
 * Node makes no requests, and the one library that does needs a reflection polyfill; the four lines of DER are plainer.
 */
export function certificateRequest(key: PrivateJwk, commonName: string): string {
  const privateKey = createPrivateKey({ key: { ...key }, format: 'jwk' });
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const name = der(
    SEQUENCE,
    der(SET, der(SEQUENCE, COMMON_NAME, der(0x0c, Buffer.from(commonName, 'utf8')))),
  );
  const info = der(SEQUENCE, VERSION_0, name, publicKey, NO_ATTRIBUTES);
  const signature = der(0x03, Buffer.of(0), sign(null, info, privateKey));
  const base64 = der(SEQUENCE, info, ED25519, signature).toString('base64');
  const lines = base64.match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE REQUEST-----', ...lines, '-----END CERTIFICATE REQUEST-----', ''].join(
    '\n',
  );
}
