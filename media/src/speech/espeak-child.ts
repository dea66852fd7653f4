import load from '@echogarden/espeak-ng-emscripten';
import { type EspeakReply, type EspeakRequest, isEspeakRequest } from './espeak-messages.ts';
import { ESPEAK_VOLUME } from './espeak-settings.ts';

/* eSpeak NG compiled to WebAssembly, in a process of its own: it is GPL, and it blocks while it speaks. */

const { eSpeakNGWorker } = await load();
const espeak = new eSpeakNGWorker();
espeak.set_volume(ESPEAK_VOLUME);

function answer(request: EspeakRequest): EspeakReply {
  const { id } = request;
  if (request.kind === 'voices') {
    const voices = espeak
      .list_voices()
      .flatMap(({ name, languages }) =>
        languages
          .slice(0, 1)
          .map((language) => ({ id: language.name, language: language.name.toLowerCase(), name })),
      );
    return { kind: 'voices', id, voices };
  }
  if (espeak.set_voice(request.voice) !== 0)
    return { kind: 'failed', id, message: 'eSpeak refused the voice' };
  espeak.set_rate(request.wordsPerMinute);
  const chunks: Int16Array[] = [];
  espeak.synthesize(request.text, (chunk) => {
    if (chunk) chunks.push(chunk);
    return false;
  });
  const samples = new Int16Array(chunks.reduce((total, chunk) => total + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    samples.set(chunk, at);
    at += chunk.length;
  }
  return { kind: 'spoken', id, samples, sampleRateHz: espeak.get_samplerate() };
}

process.on('message', (message) => {
  if (!isEspeakRequest(message)) return;
  try {
    process.send?.(answer(message));
  } catch (error) {
    process.send?.({ kind: 'failed', id: message.id, message: String(error) } satisfies EspeakReply);
  }
});
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL')); // the parent has gone
