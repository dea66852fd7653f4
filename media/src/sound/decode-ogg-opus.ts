import { setImmediate } from 'node:timers/promises';
import { type OggOpusDecodedAudio, OggOpusDecoder } from 'ogg-opus-decoder';
import { MediaError } from '../errors.ts';
import { createOggPageReader } from './ogg-pages.ts';
import { checkOpusHead } from './opus-head.ts';

/** Opus always decodes to this rate. */
export const OPUS_RATE_HZ = 48_000;

const DEFAULT_MAX_DURATION_MS = 30 * 60_000;
/** Decodes a stream of Ogg/Opus bytes as they come. */
export interface OggOpusStream {
  /**
   * Takes the next bytes and returns the sound that is ready: mono, 48 kHz. A page is ready when the next arrives.
   * @throws {MediaError} media/not-opus, media/broken-input, or media/too-long when all sound exceeds the bound.
   */
  decode(bytes: Uint8Array): Promise<Int16Array>;
  /** Returns the sound still held back. @throws {MediaError} media/not-opus when there never was a whole page. */
  flush(): Promise<Int16Array>;
  /** True when the page that ends the stream has come, and nothing after it. */
  readonly isComplete: boolean;
  /** Gives the decoder's memory back; no other call may follow. */
  free(): void;
}

/** Creates a decoder that refuses to give more than `maxDurationMs` of sound (default 30 minutes). */
export function createOggOpusDecoder({
  maxDurationMs = DEFAULT_MAX_DURATION_MS,
}: {
  readonly maxDurationMs?: number;
} = {}): OggOpusStream {
  const decoder = new OggOpusDecoder();
  const maxSamples = (maxDurationMs * OPUS_RATE_HZ) / 1000;
  const reader = createOggPageReader();
  let hasBegun = false;
  let isComplete = false;
  let given = 0;

  function take({ channelData, errors }: OggOpusDecodedAudio): Int16Array {
    if (errors.length > 0)
      throw new MediaError('this Opus sound is damaged: a packet cannot be decoded', {
        code: 'media/broken-input',
        details: { errors: errors.slice(0, 3).map(({ message }) => message) },
      });
    const samples = toMono(channelData);
    given += samples.length;
    if (given > maxSamples)
      throw new MediaError(`this sound is longer than the ${maxDurationMs / 1000} s allowed`, {
        code: 'media/too-long',
        details: { maxDurationMs },
      });
    return samples;
  }

  return {
    get isComplete() {
      return isComplete && reader.pendingBytes === 0;
    },
    async decode(bytes) {
      const pieces: Int16Array[] = [];
      for (const page of reader.push(bytes)) {
        if (!hasBegun) checkOpusHead(page.bytes); // without headers the decoder gives neither sound nor error (measured)
        hasBegun = true;
        isComplete = page.isLast;
        pieces.push(take(await decoder.decode(page.bytes))); // asynchronous, whatever its types say
        await setImmediate(); // lets the event loop breathe between pages of about a second
      }
      return concat(pieces);
    },
    async flush() {
      if (!hasBegun)
        throw new MediaError('this is not an Ogg/Opus sound: it ends before its first page does', {
          code: 'media/not-opus',
        });
      return take(await decoder.flush());
    },
    free: () => decoder.free(),
  };
}

/**
 * Decodes a whole Ogg/Opus file to mono 48 kHz.
 * @throws {MediaError} media/not-opus, media/broken-input, or media/too-long: a file may lie about its length.
 */
export async function decodeOggOpus(
  source: Uint8Array | AsyncIterable<Uint8Array>,
  options: { readonly maxDurationMs?: number } = {},
): Promise<{ readonly samples: Int16Array; readonly sampleRateHz: typeof OPUS_RATE_HZ }> {
  const decoder = createOggOpusDecoder(options);
  try {
    const pieces: Int16Array[] = [];
    for await (const bytes of source instanceof Uint8Array ? [source] : source)
      pieces.push(await decoder.decode(bytes));
    pieces.push(await decoder.flush());
    if (!decoder.isComplete)
      throw new MediaError('this Opus file is cut off: its end is missing', { code: 'media/broken-input' });
    const samples = concat(pieces);
    if (samples.length === 0)
      throw new MediaError('this Opus file holds no sound', { code: 'media/broken-input' });
    return { samples, sampleRateHz: OPUS_RATE_HZ };
  } finally {
    decoder.free();
  }
}

function toMono([left = new Float32Array(), right]: readonly Float32Array[]): Int16Array {
  const samples = new Int16Array(left.length);
  for (let i = 0; i < samples.length; i++) {
    const value = right ? ((left[i] ?? 0) + (right[i] ?? 0)) / 2 : (left[i] ?? 0);
    samples[i] = Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768)));
  }
  return samples;
}

function concat(pieces: readonly Int16Array[]): Int16Array {
  if (pieces.length === 1 && pieces[0]) return pieces[0];
  const whole = new Int16Array(pieces.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
