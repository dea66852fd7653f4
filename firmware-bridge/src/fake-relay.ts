import type { Clock } from '@loa/kernel';

/** The relay closed or opened at this monotonic time. */
export interface PowerChange {
  readonly monotonicMs: number;
  readonly power: 'on' | 'off';
}

/** The device's side of the fake: a relay with its own lease timer, which knows nothing of the driver. */
export interface FakeRelay {
  readonly history: readonly PowerChange[];
  power(): 'on' | 'off';
  /** Milliseconds until the timer opens the relay; 0 while it is open. */
  leaseLeftMs(): number;
  close(leaseMs: number): void;
  open(): void;
}

/** Creates an open relay. `canFall` is asked when the lease has run out: a welded contact or a lost driver stays closed. */
export function createFakeRelay({
  clock,
  canFall,
  moved,
}: {
  readonly clock: Clock;
  readonly canFall: () => boolean;
  readonly moved: () => void;
}): FakeRelay {
  const history: PowerChange[] = [];
  let power: 'on' | 'off' = 'off';
  let offAtMs = 0;
  let timer = new AbortController();
  const move = (next: 'on' | 'off') => {
    if (power === next) return;
    power = next;
    history.push({ monotonicMs: clock.monotonicMs(), power });
    moved();
  };
  const expired = () => {
    if (canFall()) move('off');
  };
  return {
    history,
    power: () => power,
    leaseLeftMs: () => (power === 'on' ? Math.max(0, offAtMs - clock.monotonicMs()) : 0),
    close(leaseMs) {
      timer.abort();
      timer = new AbortController();
      offAtMs = clock.monotonicMs() + leaseMs;
      move('on');
      void clock.sleep(leaseMs, { signal: timer.signal }).then(expired, () => {}); // renewed or opened before
    },
    open() {
      timer.abort();
      move('off');
    },
  };
}
