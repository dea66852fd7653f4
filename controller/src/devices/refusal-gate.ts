import type { Clock } from '@loa/kernel';

/** Slows down who guesses: after some refusals from one address, everything from it waits for the minute to end. */
export interface RefusalGate {
  isShut(address: string): boolean;
  countRefusal(address: string): void;
}

const WINDOW_MS = 60_000;
const REFUSALS_PER_WINDOW = 20;
/** Addresses remembered at once; a flood from more of them shuts the gate for all until the minute ends. */
const MAX_ADDRESSES = 1_000;

/** Creates a gate that counts in memory, minute by minute. */
export function createRefusalGate(clock: Clock): RefusalGate {
  const refusals = new Map<string, number>();
  let windowEndsMs = Number.NEGATIVE_INFINITY;
  const turn = () => {
    if (clock.monotonicMs() < windowEndsMs) return;
    windowEndsMs = clock.monotonicMs() + WINDOW_MS;
    refusals.clear();
  };
  return {
    isShut(address) {
      turn();
      return refusals.size >= MAX_ADDRESSES || (refusals.get(address) ?? 0) >= REFUSALS_PER_WINDOW;
    },
    countRefusal(address) {
      turn();
      refusals.set(address, (refusals.get(address) ?? 0) + 1);
    },
  };
}
