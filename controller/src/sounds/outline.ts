import { createReadStream } from 'node:fs';
import { LIMITS } from '@loa/contract';
import { createOggOpusDecoder, OPUS_RATE_HZ, waveformPeaks } from '@loa/media';

/** One level is kept of each stretch while reading, so that a long sound is drawn without being held in memory. */
const STRETCH = OPUS_RATE_HZ / 100;

/** Returns `buckets` peaks (0..1) of an Ogg/Opus file, for drawing its waveform. */
export async function outlineOf(path: string, buckets: number): Promise<readonly number[]> {
  const decoder = createOggOpusDecoder({ maxDurationMs: LIMITS.soundMs });
  const levels: number[] = [];
  const take = (samples: Int16Array) => {
    for (let at = 0; at < samples.length; at += STRETCH)
      levels.push(...waveformPeaks(samples.subarray(at, at + STRETCH), { buckets: 1 }));
  };
  try {
    for await (const bytes of createReadStream(path)) take(await decoder.decode(bytes));
    take(await decoder.flush());
  } finally {
    decoder.free();
  }
  return waveformPeaks(Float32Array.from(levels), { buckets }).map((peak) => Number(peak.toFixed(3)));
}
