import type { LogFields, Logger } from './logger.ts';

/** One remembered log line. */
export interface LogLine {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly fields: LogFields;
  readonly message: string;
}

/** A logger that keeps its lines, so that a test may assert on a warning. Children write to the same list. */
export interface MemoryLogger extends Logger {
  readonly lines: readonly LogLine[];
}

/** Creates an empty memory logger. */
export function memoryLogger(lines: LogLine[] = [], inherited: LogFields = {}): MemoryLogger {
  const write = (level: LogLine['level']) => (fields: LogFields, message: string) => {
    lines.push({ level, fields: { ...inherited, ...fields }, message });
  };
  return {
    lines,
    error: write('error'),
    warn: write('warn'),
    info: write('info'),
    debug: write('debug'),
    child: (fields) => memoryLogger(lines, { ...inherited, ...fields }),
  };
}
