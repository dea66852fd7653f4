import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Clock, Logger } from '@loa/kernel';
import { MediaError } from '../errors.ts';
import { createGate } from '../gate.ts';
import { type EspeakQuestion, type EspeakReply, isEspeakReply } from './espeak-messages.ts';
import { espeakText, espeakWordsPerMinute } from './espeak-settings.ts';
import { cancelledSpeech, checkRequest, type SpeechEngine, type SpeechVoice } from './speech-engine.ts';

const CHILD = fileURLToPath(new URL('./espeak-child.ts', import.meta.url));
const TIME_CAP_MS = 120_000; // about two hours of speech on a slow machine
const IDLE_MS = 60_000; // the child holds 150 MB, and is back within half a second

/** The engine that `npm ci` brings along. */
export interface BundledEspeak extends SpeechEngine {
  /** Process id of the child, while there is one. */
  readonly pid: number | undefined;
}

/**
 * Creates an engine of eSpeak NG as WebAssembly in a child process, one speech after another.
 * The child begins with the first speech, ends after an idle minute, and is replaced when it dies.
 */
export function createBundledEspeak({
  clock,
  log,
}: {
  readonly clock: Clock;
  readonly log: Logger;
}): BundledEspeak {
  const oneAtATime = createGate(1);
  let stopping = new AbortController();
  let busy = new AbortController();
  let child: ChildProcess | undefined;
  let known: readonly SpeechVoice[] | undefined;
  let lastId = 0;

  function aliveChild(): ChildProcess {
    if (child) return child;
    const born = fork(CHILD, [], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    born.on('error', () => {}); // whoever asked is told; unheard, it would end this process
    let lastWords = '';
    born.stderr?.on('data', (chunk: Buffer) => {
      lastWords = (lastWords + chunk.toString()).slice(-2_000);
    });
    born.once('close', (code, signal) => {
      if (child !== born) return; // it was ended on purpose
      child = undefined;
      log.warn({ how: signal ?? `exit code ${code}`, lastWords }, 'the speech process died');
    });
    child = born;
    return born;
  }

  /** eSpeak cannot be interrupted, only ended. */
  async function endChild(): Promise<void> {
    const leaving = child;
    child = undefined;
    if (!leaving || leaving.exitCode !== null || leaving.signalCode !== null) return;
    const gone = once(leaving, 'exit');
    leaving.kill('SIGKILL');
    await gone;
  }

  function endWhenIdle(): void {
    busy = new AbortController();
    void clock
      .sleep(IDLE_MS, { signal: busy.signal })
      .then(endChild)
      .catch(() => {}); // busy again, or stopped
  }

  async function answer(question: EspeakQuestion, cancelled: AbortSignal): Promise<EspeakReply> {
    busy.abort();
    const id = ++lastId;
    const over = new AbortController();
    const asked = aliveChild();
    const { promise: reply, resolve } = Promise.withResolvers<EspeakReply | 'died'>();
    const hear = (message: unknown) => {
      if (isEspeakReply(message) && message.id === id) resolve(message);
    };
    const bury = () => resolve('died');
    asked.on('message', hear).on('error', bury).on('close', bury);
    const interrupted = clock
      .sleep(TIME_CAP_MS, { signal: AbortSignal.any([over.signal, cancelled]) })
      .then(() => 'timeout' as const)
      .catch(() => 'cancelled' as const);
    asked.send({ ...question, id }, () => {}); // a child that cannot hear is reported by 'close'
    const outcome = await Promise.race([reply, interrupted]);
    over.abort();
    asked.off('message', hear).off('error', bury).off('close', bury);
    if (outcome === 'cancelled' || outcome === 'timeout') await endChild();
    else if (!stopping.signal.aborted) endWhenIdle();
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

  async function ask(question: EspeakQuestion, signal: AbortSignal | undefined): Promise<EspeakReply> {
    const cancelled = AbortSignal.any([stopping.signal, ...(signal ? [signal] : [])]);
    try {
      return await oneAtATime.pass(() => answer(question, cancelled), cancelled);
    } catch (error) {
      throw error instanceof MediaError || !cancelled.aborted ? error : cancelledSpeech(error);
    }
  }

  const engine: BundledEspeak = {
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
      busy.abort();
      await endChild();
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
