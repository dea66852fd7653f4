/** Runs tasks one after another in the order they were handed in, as a bus demands. */
export interface SerialQueue {
  /**
   * Resolves or rejects as `task` does. When `signal` aborts, rejects at once with its reason: a waiting task is dropped,
   * a running one is told by the same signal and still ends before the next begins.
   */
  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** Creates an empty queue. */
export function createSerialQueue(): SerialQueue {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run: (task, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const giveUp = () => reject(signal?.reason);
        signal?.addEventListener('abort', giveUp, { once: true });
        last = last.then(async () => {
          try {
            if (!signal?.aborted) resolve(await task());
          } catch (error) {
            reject(error);
          } finally {
            signal?.removeEventListener('abort', giveUp);
          }
        });
      }),
  };
}
