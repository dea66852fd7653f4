import type { Power } from './stage.ts';

/** The power of a box whose amplifier is always on or is switched by somebody else: every lease is granted, none is lost. */
export const noAmplifier: Power = {
  acquire: async (holder) => ({ holder, lost: new AbortController().signal, release: async () => {} }),
  state: () => ({ power: 'unknown', holders: [], leaseLeftMs: 0 }),
};
