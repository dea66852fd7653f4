import type { Logger } from '@loa/kernel';
import { pino } from 'pino';

/** Creates the structured log of the process: one JSON line per event on standard output. */
export function createPinoLogger(level: 'error' | 'warn' | 'info' | 'debug'): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
}
