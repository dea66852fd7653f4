import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { AppError, errorCode } from '@loa/kernel';
import type { Context } from 'hono';
import type { ControllerErrorCode } from '../errors.ts';
import { parseByteRange } from '../sounds/byte-range.ts';

/**
 * Answers a request for a sound: all of it, or one range, with the hash as its strong ETag so that a resumed download
 * continues the same bytes. A sound never changes, hence the long cache.
 * @throws {AppError} sound/unknown when the file is not in the library; edge/range-not-satisfiable.
 */
export async function sendSound(c: Context, path: string, sha256: string): Promise<Response> {
  const size = await sizeOf(path, sha256);
  const etag = `"${sha256}"`;
  const ifRange = c.req.header('if-range');
  const asked = ifRange === undefined || ifRange === etag ? c.req.header('range') : undefined;
  const range = parseByteRange(asked, size);
  if (range.kind === 'unsatisfiable') {
    c.header('content-range', `bytes */${size}`);
    throw new AppError<ControllerErrorCode>(`the sound has ${size} bytes; none of them lie in ${asked}`, {
      code: 'edge/range-not-satisfiable',
    });
  }
  const { start, end } = range.kind === 'part' ? range : { start: 0, end: size - 1 };
  const headers = {
    'content-type': 'audio/ogg',
    'content-length': String(end - start + 1),
    'accept-ranges': 'bytes',
    'cache-control': 'private, max-age=31536000, immutable',
    etag,
    ...(range.kind === 'part' ? { 'content-range': `bytes ${start}-${end}/${size}` } : {}),
  };
  const status = range.kind === 'part' ? 206 : 200;
  if (c.req.method === 'HEAD') return c.body(null, status, headers);
  const bytes = Readable.toWeb(createReadStream(path, { start, end })) as ReadableStream<Uint8Array>;
  return c.body(bytes, status, headers);
}

async function sizeOf(path: string, sha256: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (cause) {
    if (errorCode(cause) !== 'ENOENT') throw cause;
    throw new AppError<ControllerErrorCode>(`there is no sound ${sha256} in the library`, {
      code: 'sound/unknown',
      cause,
    });
  }
}
