import { setPriority } from 'node:os';
import ffmpeg from 'fluent-ffmpeg';
import { isTranscodeOrder, type TranscodeOrder, type TranscodeReply } from './transcode-job.ts';

/*
 * Runs one job through fluent-ffmpeg and ends. A process of its own, because a surprise in fluent's parsers is
 * an exception nobody can catch: here it costs this job and nothing else.
 */

/** Containers a person may hand in. Playlists are not among them: they would make ffmpeg open other files. */
const INPUT_FORMATS = 'wav,w64,aiff,caf,ogg,flac,mp3,aac,amr,mov,matroska,asf';

const TAIL_LINES = 60;

function run(order: TranscodeOrder): void {
  const tail: string[] = [];
  const command = ffmpeg()
    .setFfmpegPath(order.ffmpegPath)
    .input(`file:${order.inputPath}`)
    .inputOptions(['-nostdin', '-protocol_whitelist', 'file,pipe', '-format_whitelist', INPUT_FORMATS])
    .outputOptions(['-vn', '-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1'])
    .outputOptions([...(order.outputOptions ?? [])])
    .output(order.outputPath ?? '-');
  if (order.outputPath === undefined) command.outputOptions(['-f', 'null']);
  if (order.audioFilters?.length) command.audioFilters([...order.audioFilters]);
  // Not fluent's 'progress' event: it would start an ffprobe on the input, and its parser is the one that crashes.
  command.on('stderr', (line: string) => {
    const timeMs = progressTimeMs(line);
    if (timeMs !== undefined) return reply({ kind: 'progress', timeMs });
    tail.push(line);
    if (tail.length > TAIL_LINES) tail.shift();
  });
  command.on('end', () => finish({ kind: 'done', stderrTail: tail }));
  command.on('error', (error: Error) => finish({ kind: 'failed', message: error.message, stderrTail: tail }));
  command.run();
}

/** Reads `size=  1kB time=00:00:02.50 bitrate=…`. */
function progressTimeMs(line: string): number | undefined {
  const match = /^(?:size|frame)=.*\btime=(\d+):(\d+):(\d+(?:\.\d+)?)/.exec(line);
  if (!match) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(1).map(Number);
  return Math.round(((hours * 60 + minutes) * 60 + seconds) * 1000);
}

function reply(message: TranscodeReply): void {
  process.send?.(message);
}

function finish(message: TranscodeReply): void {
  process.send?.(message, () => process.disconnect?.());
}

setPriority(10); // live sound and the console go first
process.once('message', (message) => {
  if (isTranscodeOrder(message)) run(message);
});
// The parent may die without a word; this group then ends itself, ffmpeg included.
process.once('disconnect', () => process.kill(-process.pid, 'SIGKILL'));
