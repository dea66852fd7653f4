import type { HoldBody } from '@loa/contract';
import type { BroadcastClass } from '@loa/schedules';
import type { TimeReading } from '../clock/timekeeper.ts';
import type { Journal } from '../journal/journal.ts';
import { holdsInForce, nextHoldChangeMs, silences } from './holds.ts';

/** What sounds now, and may have to fall silent. */
interface Sounding {
  readonly cue: { readonly rules: { readonly class: BroadcastClass } };
  cut(reason: 'hold'): void;
}

/** Obeys holds: silences what they cover at once, and confirms when it is silent (P9). */
export interface HoldKeeper {
  /** Cuts what a hold in force covers; journals each change of the holds in force once that is silent. */
  obey(onStage: Iterable<Sounding>): void;
  /** A new set has come: it is confirmed even when it changes nothing. */
  renew(): void;
  /** Tells whether a hold covers a class at an instant. */
  covers(broadcastClass: BroadcastClass, atMs: number): boolean;
  isAny(): boolean;
  nextChangeMs(): number;
}

/** Creates the keeper of one box's holds. */
export function createHoldKeeper({
  hold,
  time,
  journal,
}: {
  readonly hold: () => HoldBody | undefined;
  readonly time: { read(): TimeReading };
  readonly journal: Journal;
}): HoldKeeper {
  let confirmed: string | undefined;
  const inForce = () => holdsInForce(hold(), time.read());
  return {
    obey(onStage) {
      const holds = inForce();
      const covered = [...onStage].filter(({ cue }) => silences(holds, cue.rules.class));
      for (const { cut } of covered) cut('hold');
      const ids = holds.map(({ id }) => id);
      const key = ids.toSorted().join('\n');
      if (hold() === undefined || key === confirmed || covered.length > 0) return;
      confirmed = key;
      journal.append({ kind: 'hold', holds: ids, silent: true });
    },
    renew() {
      confirmed = undefined;
    },
    covers: (broadcastClass, atMs) =>
      silences(holdsInForce(hold(), { ...time.read(), nowMs: atMs }), broadcastClass),
    isAny: () => inForce().length > 0,
    nextChangeMs: () => nextHoldChangeMs(hold(), time.read().nowMs),
  };
}
