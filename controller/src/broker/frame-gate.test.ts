import { describe, expect, it } from 'vitest';
import { createFrameGate } from './frame-gate.ts';

/** A packet of `bodyBytes` after its header, filled with bytes that look like other headers. */
function packet(type: number, bodyBytes: number): Uint8Array {
  const header = [type];
  for (let left = bodyBytes; ; ) {
    const digit = left % 128;
    left = Math.floor(left / 128);
    header.push(left > 0 ? digit | 0x80 : digit);
    if (left === 0) break;
  }
  return Buffer.concat([Buffer.from(header), Buffer.alloc(bodyBytes, 0xff)]);
}

const gate = () => createFrameGate({ maxConnectBytes: 200, maxPacketBytes: 1_000 });

describe('the frame gate', () => {
  it('passes packets up to the limit, however the stream is cut into chunks', () => {
    const stream = Buffer.concat([
      packet(0x10, 200),
      packet(0x30, 1_000),
      packet(0xc0, 0),
      packet(0x30, 127),
      packet(0x30, 128),
    ]);
    for (const chunkBytes of [1, 2, 3, 7, 100, stream.length]) {
      const isWithinLimits = gate();
      for (let at = 0; at < stream.length; at += chunkBytes)
        expect(isWithinLimits(stream.subarray(at, at + chunkBytes))).toBe(true);
    }
  });

  it('stops a packet one byte over the limit at its header, before any of its body came', () => {
    const isWithinLimits = gate();
    expect(isWithinLimits(packet(0x10, 10))).toBe(true);
    expect(isWithinLimits(packet(0x30, 1_001).subarray(0, 3))).toBe(false);
  });

  it('holds the first packet, sent by a stranger, to a smaller limit', () => {
    expect(gate()(packet(0x10, 201))).toBe(false);
  });

  it('stops a length of more than four bytes, which MQTT does not have', () => {
    expect(gate()(Buffer.from([0x10, 0x80, 0x80, 0x80, 0x80, 0x00]))).toBe(false);
  });
});
