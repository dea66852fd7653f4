/** The filters that the recipe asks for. */
export const FILTERS = ['ebur128', 'acompressor', 'highpass', 'alimiter', 'volume'];

/** Returns a shell script that answers the probe's questions as ffmpeg does. */
export function answering({ encoders = ['libopus'], filters = FILTERS } = {}): string {
  const rows = (names: string[]) => names.map((name) => ` A....D ${name}  described`).join('\n');
  return `#!/bin/sh
case "$2" in
-version) echo 'ffmpeg version 9.9-test Copyright';;
-encoders) echo '${rows(encoders)}';;
-filters) echo '${rows(filters)}';;
esac
`;
}
