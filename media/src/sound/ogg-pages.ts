import { MediaError } from '../errors.ts';

const HEADER_BYTES = 27;
const END_OF_STREAM = 0x04;

/** One whole page of an Ogg stream (RFC 3533 §6), its checksum right. */
interface OggPage {
  readonly bytes: Uint8Array;
  readonly isLast: boolean;
}

/** Cuts a stream of bytes into pages. */
export interface OggPageReader {
  /** Takes the next bytes and returns the pages they complete. @throws {MediaError} media/not-opus, media/broken-input. */
  push(bytes: Uint8Array): OggPage[];
  /** Bytes of a page that is not whole yet. */
  readonly pendingBytes: number;
}

/**
 * Creates a page reader. Only whole pages with the right checksum go on: the decoder behind would take a cut or
 * altered page without a word and make up sound for what is missing (measured: 7.8 s from half of a 4.2 s file).
 */
export function createOggPageReader(): OggPageReader {
  let pending: Buffer = Buffer.alloc(0);
  return {
    get pendingBytes() {
      return pending.length;
    },
    push(bytes) {
      pending = Buffer.concat([pending, bytes]);
      const pages: OggPage[] = [];
      for (;;) {
        const length = pageLength(pending);
        if (length === undefined || length > pending.length) return pages;
        const page = pending.subarray(0, length);
        if (checksum(page) !== page.readUInt32LE(22))
          throw new MediaError('this sound is damaged: the checksum of a page is wrong', {
            code: 'media/broken-input',
          });
        pages.push({ bytes: page, isLast: ((page[5] ?? 0) & END_OF_STREAM) !== 0 });
        pending = pending.subarray(length);
      }
    },
  };
}

/** Returns the length of the page that begins here, or `undefined` while its header is not whole. */
function pageLength(bytes: Buffer): number | undefined {
  if (!'OggS'.startsWith(bytes.toString('latin1', 0, 4)))
    throw new MediaError('this is not an Ogg/Opus sound: an Ogg page should begin here', {
      code: 'media/not-opus',
    });
  const segments = bytes[26];
  if (segments === undefined || bytes.length < HEADER_BYTES + segments) return undefined;
  const table = bytes.subarray(HEADER_BYTES, HEADER_BYTES + segments);
  return HEADER_BYTES + segments + table.reduce((total, size) => total + size, 0);
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc >>> 0;
});

/** The page's CRC-32 as Ogg wants it: unreflected, from 0, over the page with its own four bytes as zero. */
function checksum(page: Uint8Array): number {
  let crc = 0;
  for (let i = 0; i < page.length; i++) {
    const byte = i >= 22 && i < 26 ? 0 : (page[i] ?? 0);
    crc = (crc << 8) ^ (CRC_TABLE[((crc >>> 24) ^ byte) & 0xff] ?? 0);
  }
  return crc >>> 0;
}
