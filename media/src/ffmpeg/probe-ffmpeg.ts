import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { errorCode } from '@loa/kernel';

const run = promisify(execFile);

/** What the recipe of DESIGN §8 cannot do without. */
const NEEDED_ENCODERS = ['libopus'];
const NEEDED_FILTERS = ['ebur128', 'acompressor', 'highpass', 'alimiter', 'volume'];

/** What running a binary told about it. */
export type FfmpegProbe =
  | { readonly kind: 'usable'; readonly version: string; readonly buildId: string }
  | { readonly kind: 'unusable'; readonly reason: string };

/** Runs the binary at `path` and returns whether it can do all that the recipe needs, or why not. */
export async function probeFfmpeg(path: string, signal?: AbortSignal): Promise<FfmpegProbe> {
  const ask = async (question: string) => {
    const { stdout } = await run(path, ['-hide_banner', question], {
      ...(signal && { signal }),
      timeout: 20_000, // a binary that hangs is as useless as none
      killSignal: 'SIGKILL',
      maxBuffer: 8 << 20,
    });
    return stdout;
  };
  try {
    const about = await ask('-version');
    const version = /^ffmpeg version (\S+)/.exec(about)?.[1];
    if (version === undefined)
      return { kind: 'unusable', reason: 'it does not answer -version as ffmpeg does' };
    const encoders = namesIn(await ask('-encoders'));
    const filters = namesIn(await ask('-filters'));
    const lacking = [
      ...NEEDED_ENCODERS.filter((name) => !encoders.has(name)).map((name) => `encoder ${name}`),
      ...NEEDED_FILTERS.filter((name) => !filters.has(name)).map((name) => `filter ${name}`),
    ];
    if (lacking.length > 0) return { kind: 'unusable', reason: `it lacks ${lacking.join(', ')}` };
    // Two builds of one version give different bytes (measured), so the id covers configuration and libraries too.
    const digest = createHash('sha256').update(about).digest('hex').slice(0, 8);
    return { kind: 'usable', version, buildId: `${version}+${digest}` };
  } catch (error) {
    signal?.throwIfAborted();
    return { kind: 'unusable', reason: whyItFailed(error) };
  }
}

/** Reads the second column of `-encoders` and `-filters`: ` A....D libopus  libopus Opus`. */
function namesIn(listing: string): Set<string> {
  return new Set(listing.split('\n').flatMap((line) => /^\s*[A-Z.|]+\s+(\w+)\s/.exec(line)?.[1] ?? []));
}

function whyItFailed(error: unknown): string {
  const code = errorCode(error);
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES') return 'it is not executable';
  if (typeof error === 'object' && error !== null) {
    if ('killed' in error && error.killed === true) return 'it did not answer within 20 s';
    if ('signal' in error && error.signal) return `it was killed by ${error.signal}`;
    if ('code' in error && typeof error.code === 'number') return `it exits with code ${error.code}`;
  }
  return `it cannot be run (${code ?? String(error)})`;
}
