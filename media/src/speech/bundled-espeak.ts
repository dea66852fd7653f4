import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Clock, Logger } from '@loa/kernel';
import { MediaError } from '../errors.ts';
import { type EspeakReply, type EspeakRequest, isEspeakReply } from './espeak-messages.ts';
import { espeakText, espeakWordsPerMinute } from './espeak-settings.ts';
import { cancelledSpeech, checkRequest, type SpeechEngine, type SpeechVoice } from './speech-engine.ts';

const CHILD = fileURLToPath(new URL('./espeak-child.ts', import.meta.url));
const TIME_CAP_MS = 120_000; // about two hours of speech on a slow machine

type Unnumbered = EspeakRequest extends infer Request
  ? Request extends unknown
    ? Omit<Request, 'id'>
    : never
  : never;

/**
 * Creates the engine that `npm ci` brings along: eSpeak NG as WebAssembly in one long-lived child process.
 * The child begins with the first speech, and again with the next when it has died.
 */
export function createBundledEspeak({
  clock,
  log,
}: {
  readonly clock: Clock;
  readonly log: Logger;
}): SpeechEngine & {
  /** Process id of the child, while there is one. */
  readonly pid: number | undefined;
} {
  let stopping = new AbortController();
  let child: ChildProcess | undefined;
  let known: readonly SpeechVoice[] | undefined;
  let lastId = 0;
  const waiting = new Map<number, (reply: EspeakReply | 'died') => void>();

  function aliveChild(): ChildProcess {
    if (child) return child;
    const born = fork(CHILD, [], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const died = (how: string) => {
      if (child !== born) return;
      child = undefined;
      if (waiting.size > 0) log.warn({ how, waiting: waiting.size }, 'the speech process died');
      for (const settle of [...waiting.values()]) settle('died');
    };
    born.on('message', (message) => {
      if (isEspeakReply(message)) waiting.get(message.id)?.(message);
    });
    born.on('error', (error) => died(error.message));
    born.on('exit', (code, signal) => died(signal ?? `exit code ${code}`));
    child = born;
    return born;
  }

  /** eSpeak cannot be interrupted, only ended; others that wait in the same child are told that it died. */
  function endChild(): void {
    child?.kill('SIGKILL');
  }

  async function ask(request: Unnumbered, signal: AbortSignal | undefined): Promise<EspeakReply> {
    const id = ++lastId;
    const over = new AbortController();
    const cancelled = AbortSignal.any([stopping.signal, ...(signal ? [signal] : [])]);
    if (cancelled.aborted) throw cancelledSpeech(cancelled.reason);
    const reply = new Promise<EspeakReply | 'died'>((resolve) => waiting.set(id, resolve));
    const interrupted = clock
      .sleep(TIME_CAP_MS, { signal: AbortSignal.any([over.signal, cancelled]) })
      .then(() => 'timeout' as const)
      .catch(() => 'cancelled' as const);
    aliveChild().send({ ...request, id }, () => {}); // a child that cannot hear is reported by 'exit'
    const outcome = await Promise.race([reply, interrupted]);
    waiting.delete(id);
    over.abort();
    if (outcome === 'cancelled' || outcome === 'timeout') endChild();
    if (outcome === 'cancelled') throw cancelledSpeech(cancelled.reason);
    if (outcome === 'timeout')
      throw new MediaError(`the speech was not ready within ${TIME_CAP_MS / 1000} s`, {
        code: 'media/timeout',
      });
    if (outcome === 'died')
      throw new MediaError('the speech process died: try again', {
        code: 'media/speech-failed',
        retryable: true,
      });
    if (outcome.kind === 'failed')
      throw new MediaError(`this text could not be spoken: ${outcome.message}`, {
        code: 'media/speech-failed',
      });
    return outcome;
  }

  const engine: ReturnType<typeof createBundledEspeak> = {
    name: 'speech',
    id: 'espeak-ng-bundled',
    get pid() {
      return child?.pid;
    },
    start() {
      if (stopping.signal.aborted) stopping = new AbortController();
    },
    async stop() {
      stopping.abort();
      const leaving = child;
      if (!leaving) return;
      const gone = new Promise<void>((resolve) => leaving.once('exit', () => resolve()));
      endChild();
      await gone;
    },
    async voices() {
      if (known) return known;
      const reply = await ask({ kind: 'voices' }, undefined);
      known = reply.kind === 'voices' ? reply.voices : [];
      return known;
    },
    async synthesize(text, options = {}) {
      const { voice, rate } = await checkRequest(engine, text, options);
      const wordsPerMinute = espeakWordsPerMinute(rate);
      const reply = await ask(
        { kind: 'speak', text: espeakText(text), voice, wordsPerMinute },
        options.signal,
      );
      if (reply.kind !== 'spoken' || reply.samples.length === 0)
        throw new MediaError('this text has nothing that can be spoken', { code: 'media/speech-failed' });
      const { samples, sampleRateHz } = reply;
      return { samples, sampleRateHz, engine: engine.id, voice };
    },
  };
  return engine;
}
