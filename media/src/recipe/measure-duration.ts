import { parseFile } from 'music-metadata';
import { MediaError } from '../errors.ts';

/**
 * Returns how long the sound at `path` lasts, in whole milliseconds, as its container says.
 * @throws {MediaError} media/broken-input when the container cannot be read or does not say.
 */
export async function measureDurationMs(path: string): Promise<number> {
  let seconds: number | undefined;
  let cause: unknown;
  try {
    seconds = (await parseFile(path, { duration: true, skipCovers: true })).format.duration;
  } catch (error) {
    cause = error;
  }
  if (seconds === undefined)
    throw new MediaError('this file does not tell how long it lasts: it is damaged or of another kind', {
      code: 'media/broken-input',
      cause,
      details: { inputPath: path },
    });
  return Math.round(seconds * 1000);
}
