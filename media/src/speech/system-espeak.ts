import { execFile } from 'node:child_process';
import { MediaError } from '../errors.ts';
import { readWav } from '../sound/wav.ts';
import { ESPEAK_VOLUME, espeakText, espeakWordsPerMinute } from './espeak-settings.ts';
import { cancelledSpeech, checkRequest, type SpeechEngine, type SpeechVoice } from './speech-engine.ts';

const TIME_CAP_MS = 120_000;
const MAX_SPEECH_BYTES = 512 << 20; // more than three hours

/** Creates the engine that runs the machine's own `espeak-ng` at `path`, once for each speech. */
export function createSystemEspeak(path: string): SpeechEngine {
  let stopping = new AbortController();
  let known: readonly SpeechVoice[] | undefined;

  function run(args: readonly string[], input: string, signal?: AbortSignal): Promise<Buffer> {
    const cancelled = AbortSignal.any([stopping.signal, ...(signal ? [signal] : [])]);
    return new Promise((resolve, reject) => {
      const options = {
        signal: cancelled,
        timeout: TIME_CAP_MS,
        maxBuffer: MAX_SPEECH_BYTES,
        encoding: 'buffer',
      } as const;
      const child = execFile(path, args, options, (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        if (cancelled.aborted) return reject(cancelledSpeech(error));
        const [code, sentence] = error.killed
          ? (['media/timeout', `the speech was not ready within ${TIME_CAP_MS / 1000} s`] as const)
          : ([
              'media/speech-failed',
              `espeak-ng failed: ${stderr.toString().trim() || error.message}`,
            ] as const);
        reject(new MediaError(sentence, { code, cause: error }));
      });
      // Text goes in by stdin: as an argument, "-5 độ" would be taken for an option.
      child.stdin?.on('error', () => {}); // it has ended already; the callback above says why
      child.stdin?.end(input);
    });
  }

  const engine: SpeechEngine = {
    name: 'speech',
    id: 'espeak-ng',
    start() {
      if (stopping.signal.aborted) stopping = new AbortController();
    },
    stop() {
      stopping.abort();
    },
    async voices() {
      known ??= readVoices((await run(['--voices'], '')).toString());
      return known;
    },
    async synthesize(text, options = {}) {
      const { voice, rate } = await checkRequest(engine, text, options);
      const pace = ['-s', `${espeakWordsPerMinute(rate)}`, '-a', `${ESPEAK_VOLUME}`];
      const wav = await run(
        ['-v', voice, ...pace, '-b', '1', '--stdin', '--stdout'],
        espeakText(text),
        options.signal,
      );
      const { samples, sampleRateHz } = readWav(wav);
      if (samples.length === 0)
        throw new MediaError('this text has nothing that can be spoken', { code: 'media/speech-failed' });
      return { samples, sampleRateHz, engine: engine.id, voice };
    },
  };
  return engine;
}

/** Reads `Pty Language Age/Gender VoiceName File`: ` 5  vi  --/M  Vietnamese_(Northern) aav/vi`. */
function readVoices(table: string): SpeechVoice[] {
  return table.split('\n').flatMap((line) => {
    const [, id, name] = /^\s*\d+\s+(\S+)\s+\S+\s+(\S+)/.exec(line) ?? [];
    return id && name ? [{ id, language: id.toLowerCase(), name: name.replaceAll('_', ' ') }] : [];
  });
}
