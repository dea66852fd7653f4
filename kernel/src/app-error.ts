/** What every fault of Loa carries besides its sentence. */
export interface AppErrorOptions<Code extends string = string> {
  /** `area/what-happened`, from the workspace's closed union. */
  readonly code: Code;
  /** True when the same call may succeed later without a change. Default false. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
  /** Facts for the log and the problem document: which field, what was wanted, what came. Never secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The base of all faults: a sentence a person can act on, and a code a program can act on. */
export class AppError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, { code, retryable = false, cause, details = {} }: AppErrorOptions<Code>) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.retryable = retryable;
    this.details = details;
  }
}

/** Returns the code of an `AppError` or of a Node system error (`EADDRINUSE`), else `undefined`. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Marks the branch that a closed union makes unreachable. */
export function assertNever(value: never): never {
  throw new AppError(`unexpected case: ${JSON.stringify(value)}`, { code: 'kernel/unreachable' });
}
