import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** DER (X.690) of one element. */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  const length = body.length < 0x80 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  if (length.length === 3 && body.length < 0x100) length.splice(0, 3, 0x81, body.length);
  return Buffer.concat([Buffer.of(tag, ...length), body]);
}

/** Makes a key and its certificate request in PEM, as a box does; `signedBy` lets another key sign it. */
export function aBoxRequest({ signedBy }: { readonly signedBy?: KeyObject } = {}) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  const info = der(0x30, der(0x02, Buffer.of(0)), der(0x30), spki, der(0xa0));
  const signature = der(0x03, Buffer.of(0), sign(null, info, signedBy ?? privateKey));
  const request = der(0x30, info, der(0x30, der(0x06, Buffer.from('2b6570', 'hex'))), signature);
  return { pem: toPem(request), privateKey, publicX: spki.subarray(-32).toString('base64url') };
}

/** Wraps DER into the PEM of a certificate request. */
export function toPem(request: Buffer): string {
  const lines = request.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE REQUEST-----', ...lines, '-----END CERTIFICATE REQUEST-----', ''].join(
    '\n',
  );
}
