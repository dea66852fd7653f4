import { MediaError } from '../errors.ts';

/**
 * Checks that an Ogg stream's first page announces Opus (RFC 7845 §5.1) with one or two channels.
 * @throws {MediaError} media/not-opus, saying what was found instead.
 */
export function checkOpusHead(page: Uint8Array): void {
  const body = Buffer.from(page.subarray(27 + (page[26] ?? 0))); // after the page's segment table
  if (body.length < 19 || body.toString('latin1', 0, 8) !== 'OpusHead')
    throw new MediaError('this is not an Ogg/Opus sound: its first page has no Opus header', {
      code: 'media/not-opus',
    });
  const channels = body[9] ?? 0;
  // A header may claim 255 channels, which would take 255 times the memory.
  if (channels !== 1 && channels !== 2)
    throw new MediaError(`this Opus sound has ${channels} channels, one or two are wanted`, {
      code: 'media/not-opus',
    });
}
