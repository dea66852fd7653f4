import { randomBytes } from 'node:crypto';

/** Makes a string type that only its parser can produce. */
export type Brand<Name extends string> = string & { readonly __brand: Name };

/** A place: horns, amplifier, languages, volume. */
export type ClusterId = Brand<'ClusterId'>;
/** A box: hardware with a key. Also its MQTT client id and certificate name. */
export type DeviceId = Brand<'DeviceId'>;
/** One concrete start on one cluster; made by the controller, carried by the plan, never derived on a box. */
export type OccurrenceId = Brand<'OccurrenceId'>;
/** Lower-case hex SHA-256 of the exact bytes. */
export type Sha256 = Brand<'Sha256'>;

/** Makes ids and nonces; a port so that tests get the same ids every time. */
export type RandomId = (prefix?: string) => string;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'; // Crockford base 32: no i, l, o, u to misread aloud

/** Returns an unguessable id with 80 random bits, readable aloud: `bul_3f8k…`. */
export const randomId: RandomId = (prefix) => {
  const text = Array.from(randomBytes(16), (byte) => ALPHABET[byte % 32]).join('');
  return prefix ? `${prefix}_${text}` : text;
};

/** Returns ids that count up: `bul_0001`. For tests. */
export function countingId(): RandomId {
  let count = 0;
  return (prefix = 'id') => `${prefix}_${String(++count).padStart(4, '0')}`;
}
