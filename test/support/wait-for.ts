import { AppError, systemClock } from '@loa/kernel';

const EVERY_MS = 100;

/**
 * Asks again and again until there is an answer. For what happens in other processes, which cannot be awaited.
 * @throws {AppError} test/waited-too-long, naming what was waited for.
 */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  { withinMs = 90_000 }: { readonly withinMs?: number } = {},
): Promise<T> {
  const endMs = systemClock.monotonicMs() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (systemClock.monotonicMs() > endMs)
      throw new AppError(`waited ${withinMs / 1000} s for ${what}`, { code: 'test/waited-too-long' });
    await systemClock.sleep(EVERY_MS);
  }
}
