/** Lets a limited number of tasks run at once; the rest wait in order of arrival. */
export interface Gate {
  /** Runs `task` when there is room. Rejects with the signal's reason when it aborts while waiting. */
  pass<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** Creates a gate with room for `size` tasks. */
export function createGate(size: number): Gate {
  let inside = 0;
  const waiting: (() => void)[] = [];

  function waitForRoom(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        waiting.splice(waiting.indexOf(enter), 1);
        reject(signal.reason);
      };
      waiting.push(enter);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  return {
    async pass(task, signal) {
      signal.throwIfAborted();
      if (inside < size) inside++;
      else await waitForRoom(signal);
      try {
        return await task();
      } finally {
        const next = waiting.shift();
        if (next)
          next(); // takes over this task's room
        else inside--;
      }
    },
  };
}
