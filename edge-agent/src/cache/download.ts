import { open, rm, stat } from 'node:fs/promises';
import { EDGE_PATHS, type SoundRef } from '@loa/contract';
import { AppError } from '@loa/kernel';
import type { AgentErrorCode } from '../errors.ts';
import type { HttpRequest } from '../link/http.ts';
import type { Patience } from './patience.ts';

/** Brings a sound into a partial file, going on where an earlier try ended (RFC 9110 §14). */
export type Download = (
  sound: SoundRef,
  partial: string,
  options: { readonly signal: AbortSignal },
) => Promise<void>;

const fault = (code: AgentErrorCode, message: string, retryable: boolean) =>
  new AppError<AgentErrorCode>(message, { code, retryable });

/**
 * Creates the downloader. What it brings is only as long as promised; whether it is the sound, its hash must say.
 * @throws {AppError} media/not-found, media/hash-differs for a wrong length, media/stalled; what `request` throws.
 */
export function createDownload({
  request,
  patience,
  count,
}: {
  readonly request: HttpRequest;
  readonly patience: Patience;
  /** Told how many bytes came. */
  readonly count: (bytes: number) => void;
}): Download {
  return (sound, partial, { signal }) =>
    patience(signal, async (either, alive) => {
      const haveBytes = await sizeOf(partial);
      if (haveBytes === sound.bytes) return;
      if (haveBytes > sound.bytes) await rm(partial, { force: true });
      const fromBytes = haveBytes < sound.bytes ? haveBytes : 0;
      using answer = await request(EDGE_PATHS.media(sound.sha256), {
        signal: either,
        headers: fromBytes > 0 ? { range: `bytes=${fromBytes}-` } : {},
      });
      const { status } = answer;
      if (status === 404 || status === 410)
        throw fault('media/not-found', 'the controller does not have this sound', true);
      if (status === 416) {
        await rm(partial, { force: true });
        throw fault('media/hash-differs', 'the controller has a shorter sound than was promised', true);
      }
      if (status !== 200 && status !== 206)
        throw fault('media/not-found', `the controller answered ${status} for a sound`, true);
      const resumes = status === 206 && startOf(answer.header('content-range')) === fromBytes;
      if (status === 206 && !resumes)
        throw fault('media/not-found', 'the controller sent another range than was asked for', true);
      let bytes = resumes ? fromBytes : 0;
      const file = await open(partial, resumes ? 'a' : 'w');
      try {
        for await (const piece of answer.body) {
          alive();
          count(piece.length);
          bytes += piece.length;
          if (bytes > sound.bytes) throw fault('media/hash-differs', 'more came than was promised', true);
          await file.write(piece); // what came before a cut is kept
        }
      } finally {
        await file.close();
        if (bytes > sound.bytes) await rm(partial, { force: true });
      }
      if (bytes < sound.bytes) throw fault('media/stalled', 'the download was cut', true);
    });
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0; // not begun
  }
}

/** Returns the first byte that a `Content-Range: bytes 100-199/200` names. */
function startOf(contentRange: string | undefined): number | undefined {
  const start = /^bytes (\d+)-/.exec(contentRange ?? '')?.[1];
  return start === undefined ? undefined : Number(start);
}
