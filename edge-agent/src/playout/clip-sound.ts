import { open } from 'node:fs/promises';
import { createOggOpusDecoder, MediaError } from '@loa/media/sound';

const PIECE_BYTES = 4_096; // about 1.3 s at 24 kbit/s: short enough to decode within a period on a small box
const LONGEST_MS = 6 * 60 * 60_000; // nothing sits in memory, so this only ends a file that never does

/** Gives a sound piece by piece, mono at 48 kHz; ends the reading when its consumer does. */
export type OpenSound = (path: string) => AsyncIterable<Int16Array>;

/**
 * Decodes an Ogg/Opus file while it is read, so that a bulletin of 45 minutes never sits in memory.
 * @throws the file system's error, or {MediaError} media/not-opus, media/broken-input.
 */
export async function* readOggOpus(path: string): AsyncGenerator<Int16Array> {
  const file = await open(path, 'r');
  const decoder = createOggOpusDecoder({ maxDurationMs: LONGEST_MS });
  try {
    let given = 0;
    for (;;) {
      const { bytesRead, buffer } = await file.read(new Uint8Array(PIECE_BYTES), 0, PIECE_BYTES);
      const piece =
        bytesRead === 0 ? await decoder.flush() : await decoder.decode(buffer.subarray(0, bytesRead));
      given += piece.length;
      if (piece.length > 0) yield piece;
      if (bytesRead === 0) break;
    }
    if (given === 0) throw new MediaError('this Opus file holds no sound', { code: 'media/broken-input' });
  } finally {
    decoder.free();
    await file.close();
  }
}
