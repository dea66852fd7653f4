/** Lets a limited number of tasks run at once; the rest wait in order of arrival. */
export interface Gate {
  /** Runs `task` when there is room. Rejects with the signal's reason when it aborts while waiting. */
  pass<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** Creates a gate with room for `size` tasks. */
export function createGate(size: number): Gate {
  let inside = 0;
  const waiting: (() => void)[] = [];
  return {
    async pass(task, signal) {
      while (inside >= size) {
        signal.throwIfAborted();
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
      signal.throwIfAborted();
      inside++;
      try {
        return await task();
      } finally {
        inside--;
        waiting.shift()?.();
      }
    },
  };
}
