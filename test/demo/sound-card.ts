import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The box beside whoever tries the demo: it plays into this machine's own sound card. */
export const THIS_MACHINE = 'Máy này (card âm thanh)';

/** Tells whether this machine has a sound card and the program that plays on it. */
export function hasSoundCard(): boolean {
  try {
    const cards = readFileSync('/proc/asound/cards', 'utf8');
    return !cards.includes('no soundcards') && spawnSync('aplay', ['--version']).status === 0;
  } catch {
    return false;
  }
}
