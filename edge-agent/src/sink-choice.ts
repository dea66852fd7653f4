import { readFileSync } from 'node:fs';
import type { AgentConfig } from './config.ts';
import type { SinkConfig } from './sink/create-sink.ts';

/** Tells whether this machine has a sound card that plays, as ALSA lists them. */
function hasSoundCard(pcmList: string): boolean {
  try {
    return readFileSync(pcmList, 'utf8').includes('playback');
  } catch {
    return false; // no sound driver
  }
}

/** Turns the configured sink into one that can be opened; `auto` takes a card when there is one. */
export function chooseSink(
  sink: AgentConfig['sink'],
  startedBy: string,
  pcmList = '/proc/asound/pcm',
): SinkConfig {
  const kind = sink.kind === 'auto' ? (hasSoundCard(pcmList) ? 'alsa' : 'file') : sink.kind;
  return kind === 'alsa' ? { kind, device: sink.alsaDevice } : { kind, folder: sink.folder, startedBy };
}
