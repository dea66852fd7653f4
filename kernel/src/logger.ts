/** Facts of a log line. Numbers and ids belong here, never inside the sentence. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Where a part writes what an operator may want to know.
 * `error`: someone must act. `warn`: we recovered, look at it. `info`: an event of the village, a few a minute. `debug`: the rest.
 */
export interface Logger {
  error(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  debug(fields: LogFields, message: string): void;
  /** Returns a logger that adds `fields` to each line. */
  child(fields: LogFields): Logger;
}

/** A logger that drops everything. */
export const silentLogger: Logger = {
  error() {},
  warn() {},
  info() {},
  debug() {},
  child: () => silentLogger,
};
