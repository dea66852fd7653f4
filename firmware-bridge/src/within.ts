import type { Clock } from '@loa/kernel';
import { AmplifierError } from './errors.ts';

/** Rejects with the signal's reason when it aborts; never resolves. */
export function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/**
 * Runs `work` for at most `ms`, then aborts it and waits no longer, even when it does not listen: a hung driver must not
 * hang its caller.
 * @throws {AmplifierError} amplifier/no-reply when the time is up; the reason of `signal` when that aborts first.
 */
export async function within<T>(
  ms: number,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const finished = new AbortController();
  void clock.sleep(ms, { signal: finished.signal }).then(
    () =>
      limit.abort(new AmplifierError('amplifier/no-reply', `the amplifier did not answer within ${ms} ms`)),
    () => {}, // finished in time
  );
  const either = AbortSignal.any([signal, limit.signal]);
  try {
    return await Promise.race([work(either), aborted(either)]);
  } finally {
    finished.abort();
  }
}
