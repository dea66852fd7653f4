import { AppError, type AppErrorOptions } from '@loa/kernel';

/** Every way in which an amplifier fails, and whether the same call may succeed later without a change. */
const RETRYABLE = {
  /** Nothing came back in time: cable, power, address or a hung device. The command may have been obeyed all the same. */
  'amplifier/no-reply': true,
  /** The device did something else than it was told: it reads back differently (a stuck relay, a lost write). */
  'amplifier/not-confirmed': true,
  /** The device understood and said no. */
  'amplifier/refused': false,
  /** The device is too hot to be on. */
  'amplifier/overheat': false,
  /** Power was held and could not be kept: the sound can no longer be heard. The cause says why. */
  'amplifier/lease-lost': false,
  /** A number out of its range: a mistake of the caller. */
  'amplifier/bad-request': false,
  /** Called before `start` or after `stop`. */
  'amplifier/not-started': false,
} as const satisfies Record<string, boolean>;

/** The closed list of what an amplifier's fault is called in code, logs and journal. */
export type AmplifierErrorCode = keyof typeof RETRYABLE;

/** A fault of an amplifier or of the line to it. `retryable` follows from the code. */
export class AmplifierError extends AppError<AmplifierErrorCode> {
  constructor(
    code: AmplifierErrorCode,
    message: string,
    options: Omit<AppErrorOptions<AmplifierErrorCode>, 'code' | 'retryable'> = {},
  ) {
    super(message, { ...options, code, retryable: RETRYABLE[code] });
  }
}
