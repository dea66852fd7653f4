/** One run of ffmpeg: a local file in, a local file out. */
export interface TranscodeJob {
  readonly inputPath: string;
  /** Where the result goes, overwritten. Without it the input is only decoded, for what its filters report. */
  readonly outputPath?: string;
  /** Filters in order, each as ffmpeg spells it: `volume=3dB`. */
  readonly audioFilters?: readonly string[];
  /** Codec and container options, without the output's name. */
  readonly outputOptions?: readonly string[];
}

/** What the child is sent: the job and the binary to run it with. */
export interface TranscodeOrder extends TranscodeJob {
  readonly ffmpegPath: string;
}

/** What the child says, in order: any number of `progress`, then one of the others. */
export type TranscodeReply =
  | { readonly kind: 'progress'; readonly timeMs: number }
  | { readonly kind: 'done'; readonly stderrTail: readonly string[] }
  | { readonly kind: 'failed'; readonly message: string; readonly stderrTail: readonly string[] };

/** Tells whether a message from the child is one of ours. */
export function isTranscodeReply(message: unknown): message is TranscodeReply {
  return (
    typeof message === 'object' &&
    message !== null &&
    'kind' in message &&
    (message.kind === 'progress' || message.kind === 'done' || message.kind === 'failed')
  );
}

/** Tells whether a message to the child is an order. */
export function isTranscodeOrder(message: unknown): message is TranscodeOrder {
  return typeof message === 'object' && message !== null && 'ffmpegPath' in message && 'inputPath' in message;
}
