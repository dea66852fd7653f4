import type { Clock } from '@loa/kernel';
import type { BrokerLimits } from './limits.ts';

/** One counted connection. Calls in any order and number are harmless. */
interface Visit {
  /** It logged in. */
  admit(): void;
  /** It closed. */
  leave(): void;
}

/** Counts open connections and says whether one more may come in. */
export interface ConnectionGate {
  /** Counts a new connection in, or says why it is turned away. */
  enter(): Visit | 'too-many' | 'too-many-pending' | 'too-fast';
  /** Returns how many connections have not logged in yet. */
  pending(): number;
}

/** Creates an empty gate; its rate is a token bucket. */
export function createConnectionGate({
  clock,
  limits,
}: {
  readonly clock: Clock;
  readonly limits: Pick<BrokerLimits, 'maxClients' | 'maxPending' | 'connectsPerSecond' | 'connectBurst'>;
}): ConnectionGate {
  const open = new Set<Visit>();
  const pending = new Set<Visit>();
  let tokens = limits.connectBurst;
  let filledMs = clock.monotonicMs();
  return {
    enter() {
      const nowMs = clock.monotonicMs();
      tokens = Math.min(limits.connectBurst, tokens + ((nowMs - filledMs) / 1000) * limits.connectsPerSecond);
      filledMs = nowMs;
      if (open.size >= limits.maxClients) return 'too-many';
      if (pending.size >= limits.maxPending) return 'too-many-pending';
      if (tokens < 1) return 'too-fast';
      tokens -= 1;
      const visit: Visit = {
        admit: () => pending.delete(visit),
        leave() {
          pending.delete(visit);
          open.delete(visit);
        },
      };
      open.add(visit);
      pending.add(visit);
      return visit;
    },
    pending: () => pending.size,
  };
}
