import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Clock, Logger } from '@loa/kernel';
import { createBundledEspeak } from './bundled-espeak.ts';
import { DEFAULT_VOICE, type SpeechEngine } from './speech-engine.ts';
import { createSystemEspeak } from './system-espeak.ts';

/**
 * Returns the machine's own `espeak-ng` when it is on the PATH and knows Vietnamese, else the one that `npm ci` brings.
 * The engine is a part: start it before use, stop it at the end.
 */
export async function createSpeech({
  env,
  clock,
  log,
}: {
  readonly env: { readonly PATH?: string | undefined };
  readonly clock: Clock;
  readonly log: Logger;
}): Promise<SpeechEngine> {
  for (const folder of (env.PATH ?? '/usr/local/bin:/usr/bin:/bin').split(delimiter).filter(Boolean)) {
    const path = join(folder, 'espeak-ng');
    try {
      await access(path, constants.X_OK);
    } catch {
      continue;
    }
    const engine = createSystemEspeak(path);
    try {
      if ((await engine.voices()).some(({ id }) => id === DEFAULT_VOICE)) {
        log.info({ engine: engine.id, path }, 'speech engine chosen');
        return engine;
      }
      log.warn({ path }, 'espeak-ng has no Vietnamese voice');
    } catch (error) {
      log.warn({ path, err: error }, 'espeak-ng cannot be run');
    }
  }
  const engine = createBundledEspeak({ clock, log });
  log.info({ engine: engine.id }, 'speech engine chosen');
  return engine;
}
