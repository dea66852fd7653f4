import { MediaError } from '../errors.ts';
import { type Samples, toInt16 } from './samples.ts';

const HEADER_BYTES = 44;

/** The header of a mono 16-bit WAV whose samples take `dataBytes` bytes. */
export function wavHeader(sampleRateHz: number, dataBytes: number): Uint8Array {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0);
  header.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // mono
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE(sampleRateHz * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(dataBytes, 40);
  return header;
}

/** Returns a whole mono 16-bit WAV file. */
export function writeWav(samples: Samples, sampleRateHz: number): Uint8Array {
  const pcm = toInt16(samples);
  const bytes = Buffer.alloc(HEADER_BYTES + pcm.length * 2);
  bytes.set(wavHeader(sampleRateHz, pcm.length * 2));
  for (let i = 0; i < pcm.length; i++) bytes.writeInt16LE(pcm[i] ?? 0, HEADER_BYTES + i * 2);
  return bytes;
}

/**
 * Reads a 16-bit PCM WAV; the first channel when there are several.
 * A header left unfinished by a killed recorder (sizes 0 or too large) is forgiven: what is there is returned.
 * @throws {MediaError} media/not-wav, naming what was found instead.
 */
export function readWav(bytes: Uint8Array): { readonly samples: Int16Array; readonly sampleRateHz: number } {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (
    file.length < 12 ||
    file.toString('latin1', 0, 4) !== 'RIFF' ||
    file.toString('latin1', 8, 12) !== 'WAVE'
  )
    throw notWav('it does not begin with RIFF…WAVE');
  let format: { channels: number; sampleRateHz: number } | undefined;
  for (let at = 12; at + 8 <= file.length; ) {
    const id = file.toString('latin1', at, at + 4);
    const size = file.readUInt32LE(at + 4);
    const body = at + 8;
    if (id === 'fmt ') format = readFormat(file.subarray(body, body + size));
    if (id === 'data') {
      if (!format) throw notWav('its samples come before its format');
      const { channels, sampleRateHz } = format;
      const end = size === 0 ? file.length : Math.min(file.length, body + size);
      const samples = new Int16Array(Math.floor((end - body) / (2 * channels)));
      for (let i = 0; i < samples.length; i++) samples[i] = file.readInt16LE(body + i * 2 * channels);
      return { samples, sampleRateHz };
    }
    at = body + size + (size % 2); // chunks are padded to even lengths
  }
  throw notWav('it has no samples');
}

function readFormat(chunk: Buffer): { channels: number; sampleRateHz: number } {
  if (chunk.length < 16) throw notWav('its format chunk is cut');
  const [kind, channels, sampleRateHz, bits] = [
    chunk.readUInt16LE(0),
    chunk.readUInt16LE(2),
    chunk.readUInt32LE(4),
    chunk.readUInt16LE(14),
  ];
  const isPcm = kind === 1 || kind === 0xfffe; // the second is WAVE_FORMAT_EXTENSIBLE
  if (!isPcm || bits !== 16) throw notWav(`16-bit PCM is wanted, it holds format ${kind} with ${bits} bits`);
  if (channels === 0 || sampleRateHz === 0) throw notWav('its format chunk is empty');
  return { channels, sampleRateHz };
}

function notWav(reason: string): MediaError {
  return new MediaError(`this is not a WAV file Loa can read: ${reason}`, { code: 'media/not-wav' });
}
