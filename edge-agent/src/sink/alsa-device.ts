import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SinkError } from './sink-error.ts';

/** A playback device as `/proc/asound` knows it. */
export interface AlsaDevice {
  /** The file that tells the position; absent for names that are no card of their own (`default`, `pulse`). */
  readonly statusPath?: string;
}

/**
 * Finds the device behind an ALSA name: `plughw:0,0`, `hw:1`, `plughw:CARD=Device,DEV=0`.
 * @throws {SinkError} sink/absent, saying which cards there are instead.
 */
export function findAlsaDevice(name: string, procFolder: string): AlsaDevice {
  const match = /^(?:plug)?hw:(?:CARD=)?([^,=]+)(?:,(?:DEV=)?(\d+))?(?:,(?:SUBDEV=)?(\d+))?$/.exec(name);
  if (!match) return {};
  const [, card = '', device = '0', subdevice = '0'] = match;
  const cardFolder = join(procFolder, /^\d+$/.test(card) ? `card${card}` : card);
  const pcm = `pcm${device}p`; // p: playback
  if (!entriesOf(cardFolder).includes(pcm))
    throw new SinkError(
      'sink/absent',
      `there is no sound card "${name}"; this box has ${listCards(procFolder)}`,
    );
  return { statusPath: join(cardFolder, pcm, `sub${subdevice}`, 'status') };
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // no such card
  }
}

function listCards(procFolder: string): string {
  try {
    const cards = readFileSync(join(procFolder, 'cards'), 'utf8').matchAll(/^\s*(\d+) \[(\S+)/gm);
    return [...cards].map(([, number, id]) => `card ${number} (${id})`).join(', ') || 'no card';
  } catch {
    return 'no sound driver'; // the kernel makes /proc/asound with the first one
  }
}
