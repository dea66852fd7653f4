import type { Logger } from '@loa/kernel';
import { pino } from 'pino';

/** Creates the controller's structured log: one line of JSON on standard error, secrets redacted by their type. */
export function createLogger(level: string): Logger {
  return pino(
    { level, base: { app: 'controller' }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: false }),
  );
}
