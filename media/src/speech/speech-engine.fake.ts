import { cancelledSpeech, checkRequest, type SpeechEngine } from './speech-engine.ts';

const RATE_HZ = 22_050;

/** A speech engine for tests: each word is a short note whose pitch depends on its letters. Same text, same samples. */
export function createFakeSpeech(): SpeechEngine {
  let isStopped = false;
  const engine: SpeechEngine = {
    name: 'speech',
    id: 'fake',
    start() {
      isStopped = false;
    },
    stop() {
      isStopped = true;
    },
    voices: async () => [{ id: 'vi', language: 'vi', name: 'Fake' }],
    async synthesize(text, options = {}) {
      if (isStopped) throw cancelledSpeech('stopped');
      const { voice, rate } = await checkRequest(engine, text, options);
      const notes = text
        .trim()
        .split(/\s+/)
        .map((word) => note(word, rate));
      const samples = new Float32Array(notes.reduce((total, { length }) => total + length, 0));
      let at = 0;
      for (const piece of notes) {
        samples.set(piece, at);
        at += piece.length;
      }
      return { samples, sampleRateHz: RATE_HZ, engine: engine.id, voice };
    },
  };
  return engine;
}

function note(word: string, rate: number): Float32Array {
  let code = 0;
  for (const letter of word) code = (code * 31 + (letter.codePointAt(0) ?? 0)) % 997;
  const length = Math.round((RATE_HZ * 0.25) / rate);
  const step = (2 * Math.PI * (200 + code)) / RATE_HZ;
  const envelope = (i: number) => Math.sin((Math.PI * i) / length) ** 0.5;
  return Float32Array.from(
    { length },
    (_, i) => 0.3 * envelope(i) * (Math.sin(i * step) + 0.5 * Math.sin(2.7 * i * step)),
  );
}
