import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Frame, openFrame, packFrame } from './frame.ts';
import { LIMITS } from './limits.ts';
import { looksLikePing, openPing, packPing } from './ping.ts';

const key = Buffer.alloc(32, 7);
const otherKey = Buffer.alloc(32, 8);
const nonce = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

/** Every text that differs from `bytes` in one bit. */
function* flipped(bytes: Uint8Array): Generator<Uint8Array> {
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const copy = Uint8Array.from(bytes);
    const at = bit >> 3;
    copy[at] = (copy[at] ?? 0) ^ (1 << (bit & 7));
    yield copy;
  }
}

describe('a ping', () => {
  const ping = packPing(key, 'loa-1', nonce);

  it('is small, and its nonce comes back to its own box', () => {
    expect(ping.length).toBeLessThanOrEqual(LIMITS.ping);
    expect(openPing(key, 'loa-1', ping)).toEqual(nonce);
  });

  it('is told from a signed order by its first byte', () => {
    expect(looksLikePing(ping)).toBe(true);
    expect(looksLikePing(Buffer.from('eyJhbGciOiJFZERTQSJ9'))).toBe(false);
    expect(looksLikePing(new Uint8Array())).toBe(false);
  });

  it('is refused with any bit flipped, cut short or stretched', () => {
    for (const bytes of flipped(ping)) expect(openPing(key, 'loa-1', bytes)).toBeUndefined();
    for (let length = 0; length < ping.length; length++)
      expect(openPing(key, 'loa-1', ping.subarray(0, length))).toBeUndefined();
    expect(openPing(key, 'loa-1', Buffer.concat([ping, Buffer.of(0)]))).toBeUndefined();
  });

  it('is refused by another box and under another key', () => {
    expect(openPing(key, 'loa-2', ping)).toBeUndefined();
    expect(openPing(otherKey, 'loa-1', ping)).toBeUndefined();
  });
});

describe('P1: a frame of a session', () => {
  const frame: Frame = { seq: 41, playAtMs: 1_767_564_000_060, packet: Uint8Array.of(0x78, 1, 2, 3) };
  const bytes = packFrame(key, 'ses-1', frame);

  it('comes back as it went, for every packet that 60 ms can hold', () => {
    expect(openFrame(key, 'ses-1', bytes)).toEqual(frame);
    fc.assert(
      fc.property(
        fc.record({
          seq: fc.nat(0xffff_ffff),
          playAtMs: fc.nat(8_640_000_000_000_000),
          packet: fc.uint8Array({ minLength: 1, maxLength: 3832 }),
        }),
        (any) => {
          expect(openFrame(key, 'ses-1', packFrame(key, 'ses-1', any))).toEqual(any);
        },
      ),
    );
  });

  it('is refused with any bit flipped, cut short or stretched', () => {
    for (const altered of flipped(bytes)) expect(openFrame(key, 'ses-1', altered)).toBeUndefined();
    for (let length = 0; length < bytes.length; length++)
      expect(openFrame(key, 'ses-1', bytes.subarray(0, length))).toBeUndefined();
    expect(openFrame(key, 'ses-1', Buffer.concat([bytes, Buffer.of(0)]))).toBeUndefined();
  });

  it('is refused in another session and under the key of another one', () => {
    expect(openFrame(key, 'ses-2', bytes)).toBeUndefined();
    expect(openFrame(otherKey, 'ses-1', bytes)).toBeUndefined();
  });

  it('is read from the middle of a larger buffer', () => {
    const around = Buffer.concat([Buffer.of(9, 9), bytes, Buffer.of(9)]);
    expect(openFrame(key, 'ses-1', around.subarray(2, 2 + bytes.length))).toEqual(frame);
  });

  it('without sound, or with more than 60 ms can hold, is refused', () => {
    expect(
      openFrame(key, 'ses-1', packFrame(key, 'ses-1', { ...frame, packet: new Uint8Array() })),
    ).toBeUndefined();
    expect(() => packFrame(key, 'ses-1', { ...frame, packet: new Uint8Array(3833) })).toThrow(
      expect.objectContaining({ code: 'contract/too-large' }),
    );
    expect(openFrame(key, 'ses-1', new Uint8Array(4000).fill(2))).toBeUndefined();
  });
});
