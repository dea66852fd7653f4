/** What `/proc/asound/cardN/pcmXp/subY/status` says of an open playback stream. */
export interface AlsaStatus {
  /** `RUNNING`, `PREPARED`, `XRUN`, `DRAINING`, `DISCONNECTED`… */
  readonly state: string;
  /** When this was true, on the kernel's monotonic clock, in milliseconds. */
  readonly tstampMs: number;
  /** When the device last began to move, on the same clock; 0 before it has. Changes with each recovery. */
  readonly triggerMs: number;
  /** Samples between the program's pointer and the ear, the card's own FIFO included. */
  readonly delay: number;
  /** Samples the program has handed to the device since it last began. */
  readonly applPtr: number;
}

/**
 * Reads the status text; `undefined` when the stream is closed or the text is not understood.
 * The format is that of `snd_pcm_substream_proc_status_read` in the kernel's sound/core/pcm.c.
 */
export function parseAlsaStatus(text: string): AlsaStatus | undefined {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
  }
  const number = (name: string) => Number(fields.get(name) ?? Number.NaN);
  const state = fields.get('state');
  const status = {
    tstampMs: number('tstamp') * 1000,
    triggerMs: number('trigger_time') * 1000,
    delay: number('delay'),
    applPtr: number('appl_ptr'),
  };
  if (state === undefined || Object.values(status).some(Number.isNaN)) return undefined;
  return { state, ...status };
}
