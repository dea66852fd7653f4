import type { Sha256 } from '@loa/kernel';
import type { Cue } from './cue.ts';
import type { PlayStep } from './playback.ts';

/** What is to be played, or why nothing can be. */
export type Steps =
  | { readonly kind: 'steps'; readonly steps: readonly PlayStep[]; readonly perRepeat: number }
  | { readonly kind: 'no-media'; readonly missing: number }
  | { readonly kind: 'no-link' };

/**
 * Lays out a cue as steps, repeats and pauses included. A relay needs a session, which is not there yet in this agent:
 * its fallback stands in.
 */
export function stepsOf(cue: Cue, pathOf: (sound: Sha256) => string | undefined): Steps {
  const once: PlayStep[] = [];
  let missing = 0;
  const addSound = (index: number) => {
    const sound = cue.sounds[index];
    const path = sound && pathOf(sound.sha256);
    if (path === undefined) missing++;
    else once.push({ kind: 'file', path });
  };
  for (const part of cue.parts) {
    if (part.kind === 'pause') once.push({ kind: 'silence', ms: part.ms });
    else if (part.kind === 'sound') addSound(part.sound);
    else if (part.fallback.length === 0) return { kind: 'no-link' };
    else part.fallback.forEach(addSound);
  }
  if (missing > 0) return { kind: 'no-media', missing };
  const { times, gapMs } = cue.repeat;
  const gap: readonly PlayStep[] = gapMs > 0 ? [{ kind: 'silence', ms: gapMs }] : [];
  const steps = Array.from({ length: times }, (_, turn) => (turn === 0 ? once : [...gap, ...once])).flat();
  return { kind: 'steps', steps, perRepeat: once.length + gap.length };
}
