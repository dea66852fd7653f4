import { AppError, type AppErrorOptions } from '@loa/kernel';

/** Every fault this workspace can report. */
export type MediaErrorCode =
  | 'media/no-ffmpeg'
  | 'media/broken-input'
  | 'media/cancelled'
  | 'media/timeout'
  | 'media/disk-full'
  | 'media/transcode-failed'
  | 'media/transcoder-crashed'
  | 'media/loudness-cannot-reach'
  | 'media/not-opus'
  | 'media/not-wav'
  | 'media/too-long'
  | 'media/too-short-to-match'
  | 'media/unknown-voice'
  | 'media/speech-failed';

/** A fault of decoding, encoding, measuring, matching or speech. */
export class MediaError extends AppError<MediaErrorCode> {
  /** Narrows the code to this workspace's closed union. */
  constructor(message: string, options: AppErrorOptions<MediaErrorCode>) {
    super(message, options);
  }
}
