import { AppError, type AppErrorOptions } from '@loa/kernel';

/** `absent`: there is nothing to play on. `lost`: there was, and it failed; trying again may help. */
export type SinkErrorCode = 'sink/absent' | 'sink/lost';

/** Why no sound leaves; the sentence is what health and journal show. */
export class SinkError extends AppError<SinkErrorCode> {
  constructor(
    code: SinkErrorCode,
    message: string,
    options: Omit<AppErrorOptions<SinkErrorCode>, 'code'> = {},
  ) {
    super(message, { ...options, code, retryable: true });
  }
}
