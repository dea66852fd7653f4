import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError } from '@loa/kernel';
import type { ContractErrorCode } from './codes.ts';

/** One 60 ms piece of a live or relay broadcast on the session's WebSocket. */
export interface Frame {
  /** Counts from 0 without gaps. */
  readonly seq: number;
  /** When its first sample should leave the horn, UTC milliseconds. */
  readonly playAtMs: number;
  /** One Opus packet (RFC 6716), mono, 60 ms, 16 to 24 kbit/s. */
  readonly packet: Uint8Array;
}

/** Layout: 1 byte type, 4 bytes seq, 8 bytes play time, packet, 16 bytes truncated HMAC-SHA256 by the session's frame key. Big-endian. */
const TYPE = 0x02;
const HEAD = 13;
const TAG = 16;
/** RFC 6716 §3.2.1: the largest frame is 1275 bytes; 60 ms hold at most three of them plus framing. */
const MAX_PACKET = 3 * 1275 + 7;

const tagOf = (key: Uint8Array, sessionId: string, head: Uint8Array) =>
  createHmac('sha256', key).update('loa-frame-1').update(sessionId).update(head).digest().subarray(0, TAG);

/**
 * Packs and authenticates a frame for one session.
 * @throws {AppError} contract/too-large when the packet is no 60 ms of Opus: no box would take it.
 */
export function packFrame(key: Uint8Array, sessionId: string, { seq, playAtMs, packet }: Frame): Uint8Array {
  if (packet.length > MAX_PACKET)
    throw new AppError<ContractErrorCode>(
      `an Opus packet of 60 ms has at most ${MAX_PACKET} bytes, got ${packet.length}`,
      {
        code: 'contract/too-large',
      },
    );
  const body = new Uint8Array(HEAD + packet.length);
  const view = new DataView(body.buffer);
  view.setUint8(0, TYPE);
  view.setUint32(1, seq);
  view.setBigUint64(5, BigInt(Math.round(playAtMs)));
  body.set(packet, HEAD);
  return Buffer.concat([body, tagOf(key, sessionId, body)]);
}

/** Returns an authentic frame of this session, or `undefined`; a forged or foreign one never reaches the decoder (P1). */
export function openFrame(key: Uint8Array, sessionId: string, bytes: Uint8Array): Frame | undefined {
  if (bytes.length <= HEAD + TAG || bytes.length > HEAD + MAX_PACKET + TAG || bytes[0] !== TYPE)
    return undefined;
  const body = bytes.subarray(0, bytes.length - TAG);
  if (!timingSafeEqual(tagOf(key, sessionId, body), bytes.subarray(bytes.length - TAG))) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  return {
    seq: view.getUint32(1),
    playAtMs: Number(view.getBigUint64(5)),
    packet: Uint8Array.from(body.subarray(HEAD)),
  };
}
