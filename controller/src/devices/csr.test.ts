import { generateKeyPairSync } from 'node:crypto';
import { fingerprintWords } from '@loa/contract';
import { calculateJwkThumbprint } from 'jose';
import { describe, expect, it } from 'vitest';
import { readCsr } from './csr.ts';
import { aBoxRequest, toPem } from './csr-fixture.ts';

const bytesOf = (pem: string) => Buffer.from(pem.replace(/-----.*-----|\s/g, ''), 'base64');

describe('a certificate request', () => {
  it('yields the key, its thumbprint and the words of whoever signed it', async () => {
    const { pem, publicX } = aBoxRequest();
    const key = readCsr(pem);
    expect(key).toEqual({
      x: publicX,
      kid: await calculateJwkThumbprint({ kty: 'OKP', crv: 'Ed25519', x: publicX }),
      words: fingerprintWords(Buffer.from(publicX, 'base64url')),
    });
  });

  it('of a key that somebody else signed for is refused', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    expect(() => readCsr(aBoxRequest({ signedBy: privateKey }).pem)).toThrow('not by its own key');
  });

  it('is refused when any one of its bytes was altered', () => {
    const bytes = bytesOf(aBoxRequest().pem);
    for (let at = 0; at < bytes.length; at++) {
      const altered = Buffer.from(bytes);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(() => readCsr(toPem(altered)), `byte ${at}`).toThrow('cannot be used');
    }
  });

  it('is refused when it is cut short, followed by more, or nothing of the kind', () => {
    const bytes = bytesOf(aBoxRequest().pem);
    for (let length = 0; length < bytes.length; length++)
      expect(() => readCsr(toPem(bytes.subarray(0, length))), `${length} bytes`).toThrow('cannot be used');
    expect(() => readCsr(toPem(Buffer.concat([bytes, bytes])))).toThrow('not one sequence');
    expect(() => readCsr('xin chào')).toThrow('not a certificate request in PEM');
  });
});
