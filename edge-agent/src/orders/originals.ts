import { LIMITS, type StateKind } from '@loa/contract';
import type { Journal } from '../journal/journal.ts';
import type { StateStore } from './state-store.ts';

/** A batch of the journal holds one event at least, and must fit a message when signed. */
const MAX_JWS_BYTES = LIMITS.mqttPayload * 0.6;

/** Puts the signed originals that a restored controller asks for into the journal, each revision once per start. */
export function createOriginals({
  states,
  journal,
}: {
  readonly states: StateStore;
  readonly journal: Journal;
}): (wants: readonly StateKind[]) => void {
  const sent = new Set<string>();
  return (wants) => {
    for (const kind of wants) {
      const held = states.held(kind);
      if (!held || sent.has(held.digest)) continue;
      sent.add(held.digest);
      if (held.jws.length > MAX_JWS_BYTES)
        journal.append({
          kind: 'fault',
          code: 'journal/original-too-large',
          detail: `the ${kind} of (${held.epoch}, ${held.rev}) has ${held.jws.length} bytes`,
        });
      else journal.append({ kind: 'original', state: kind, epoch: held.epoch, rev: held.rev, jws: held.jws });
    }
  };
}
