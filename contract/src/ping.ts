import { createHmac, timingSafeEqual } from 'node:crypto';

/** A ping: 1 byte type, 8 bytes nonce, 12 bytes truncated HMAC-SHA256 (RFC 2104) under the box's link key. 21 bytes, never stored. */
const TYPE = 0x01; // a JWS begins with "e" (0x65): one byte tells them apart
const NONCE_BYTES = 8;
const MAC_BYTES = 12;
const SIZE = 1 + NONCE_BYTES + MAC_BYTES;

const macOf = (key: Uint8Array, device: string, nonce: Uint8Array) =>
  createHmac('sha256', key).update('loa-ping-1').update(device).update(nonce).digest().subarray(0, MAC_BYTES);

/** Makes a ping for one device. `nonce` is 8 bytes. */
export function packPing(key: Uint8Array, device: string, nonce: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.of(TYPE), nonce.subarray(0, NONCE_BYTES), macOf(key, device, nonce)]);
}

/** Tells a ping from a signed order by its first byte. */
export function looksLikePing(bytes: Uint8Array): boolean {
  return bytes[0] === TYPE;
}

/** Returns the nonce of an authentic ping, to be echoed in the next health sample, or `undefined`. */
export function openPing(key: Uint8Array, device: string, bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length !== SIZE || !looksLikePing(bytes)) return undefined;
  const nonce = Uint8Array.from(bytes.subarray(1, 1 + NONCE_BYTES)); // a copy: `slice` of a Buffer is a view
  return timingSafeEqual(macOf(key, device, nonce), bytes.subarray(1 + NONCE_BYTES)) ? nonce : undefined;
}
