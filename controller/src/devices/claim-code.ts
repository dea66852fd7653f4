import { createHash, randomBytes } from 'node:crypto';

/** Crockford base 32 without the letters that are misread: 16 of them carry 80 bits. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHARACTERS = 16;
const GROUP = 4;

/** Returns a fresh one-time code as a technician types it: `ABCD-EFGH-JKMN-PQRS`. */
export function newClaimCode(): string {
  const text = Array.from(randomBytes(CHARACTERS), (byte) => ALPHABET[byte % 32]).join('');
  return text.replace(new RegExp(`.{${GROUP}}(?=.)`, 'g'), '$&-');
}

/** Returns the SHA-256 by which a code is stored and found, whatever its case, spaces and dashes, and with O, I and L read as digits. */
export function claimCodeHash(typed: string): string {
  const code = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  return createHash('sha256').update(`loa-claim:${code}`).digest('hex');
}
