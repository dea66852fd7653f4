import { MediaError, type MediaErrorCode } from '../errors.ts';

/** What ffmpeg's last words mean, first match wins. */
const SIGNS: ReadonlyArray<readonly [RegExp, MediaErrorCode, string]> = [
  [
    /No space left on device|Disk quota exceeded|File too large/,
    'media/disk-full',
    'the disk is full: free some space and try again',
  ],
  [
    /Invalid data found when processing input|moov atom not found|could not find codec parameters|Format not on whitelist|does not contain any stream|matches no streams|Output file is empty|Error opening input|End of file/,
    'media/broken-input',
    'this file is not a sound Loa can read: it is damaged, empty or of another kind',
  ],
];

/** Translates a failed run of ffmpeg into a fault with a sentence, keeping its last words as details. */
export function transcodeFault(
  message: string,
  stderrTail: readonly string[],
  inputPath: string,
): MediaError {
  const words = stderrTail.join('\n');
  const details = { inputPath, ffmpeg: message, stderrTail };
  for (const [sign, code, sentence] of SIGNS)
    if (sign.test(words))
      return new MediaError(sentence, { code, details, retryable: code === 'media/disk-full' });
  return new MediaError(`ffmpeg could not do its work: ${message}`, {
    code: 'media/transcode-failed',
    details,
  });
}
