import type { TimeReading } from './clock/timekeeper.ts';

/** Counts the bytes of payload that crossed the line since midnight UTC. */
export interface Traffic {
  add(bytes: number): void;
  todayKib(): number;
}

const DAY_MS = 86_400_000;

/** Creates a counter that begins anew each day and at each start. */
export function createTraffic(time: { read(): TimeReading }): Traffic {
  let day = 0;
  let bytes = 0;
  const turn = () => {
    const today = Math.floor(time.read().nowMs / DAY_MS);
    if (today !== day) bytes = 0;
    day = today;
  };
  return {
    add(more) {
      turn();
      bytes += more;
    },
    todayKib() {
      turn();
      return Math.round(bytes / 1024);
    },
  };
}
