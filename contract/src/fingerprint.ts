import { createHash } from 'node:crypto';

/** Six words for 48 bits: few enough to read aloud over the phone. */
const WORDS = 6;

/**
 * 16 initials × 16 rimes = 256 Vietnamese syllables in the level tone, without any mark. Sounds that merge in some part of
 * the country (tr/ch, x/s, d/gi/r, n/l, -n/-ng) have one member here, so that a word heard is a word understood.
 */
const INITIALS = ['b', 'c', 'ch', 'g', 'h', 'kh', 'l', 'm', 'ng', 'nh', 'ph', 'r', 's', 't', 'th', 'v'];
const RIMES = [
  'a',
  'ai',
  'am',
  'ang',
  'ao',
  'au',
  'ay',
  'i',
  'o',
  'oi',
  'om',
  'ong',
  'ua',
  'ui',
  'um',
  'ung',
];
/** Vietnamese writes these initials differently before i. */
const BEFORE_I: Readonly<Record<string, string>> = { c: 'k', g: 'gh', ng: 'ngh' };

function syllable(byte: number): string {
  const initial = INITIALS[byte >> 4] ?? '';
  const rime = RIMES[byte & 15] ?? '';
  return (rime === 'i' ? (BEFORE_I[initial] ?? initial) : initial) + rime;
}

/**
 * Returns the six words that a box says and the console shows, for a person to compare before a certificate is issued:
 * one syllable for each of the first six bytes of the SHA-256 of the key.
 * @param publicKeyRaw the 32 bytes of an Ed25519 public key (RFC 8032).
 */
export function fingerprintWords(publicKeyRaw: Uint8Array): readonly string[] {
  const digest = createHash('sha256').update(publicKeyRaw).digest();
  return Array.from(digest.subarray(0, WORDS), syllable);
}
