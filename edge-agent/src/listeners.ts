/** A thing that happens, and those who want to know. */
export interface Listeners<T> {
  /** Calls every listener in the order in which they joined. */
  emit(value: T): void;
  /** Adds a listener and returns the function that removes it. */
  on(listener: (value: T) => void): () => void;
}

/** Creates an empty list of listeners. */
export function createListeners<T>(): Listeners<T> {
  const all = new Set<(value: T) => void>();
  return {
    emit(value) {
      for (const listener of all) listener(value);
    },
    on(listener) {
      all.add(listener);
      return () => void all.delete(listener);
    },
  };
}
