import type { Clock, Logger } from '@loa/kernel';
import { createTranscoder, MediaError, resolveFfmpeg, type Transcoder } from '@loa/media';

/** The door to ffmpeg, or a shut one with the sentence that says why. */
export interface Transcoding {
  readonly transcoder: Transcoder;
  /** What is missing; `undefined` when sound can be rendered. */
  readonly missing: string | undefined;
}

/**
 * Looks for an ffmpeg. Without one the controller runs all the same: plans go out, boxes are heard, and only rendering
 * fails, with media/no-ffmpeg.
 */
export async function openTranscoding({
  ffmpegPath,
  clock,
  log,
}: {
  /** The operator's own choice; nothing else is then tried. */
  readonly ffmpegPath: string | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}): Promise<Transcoding> {
  try {
    const ffmpeg = await resolveFfmpeg({ env: { LOA_FFMPEG: ffmpegPath }, log });
    return { transcoder: createTranscoder({ ffmpeg, clock, log }), missing: undefined };
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    log.error(
      { err: error },
      'no ffmpeg: nothing can be rendered until there is one and the controller is restarted',
    );
    return { transcoder: shut(error), missing: error.message };
  }
}

function shut(error: MediaError): Transcoder {
  return {
    name: 'transcoder',
    get ffmpeg(): never {
      throw error;
    },
    start() {},
    stop() {},
    transcode: () => Promise.reject(error),
  };
}
