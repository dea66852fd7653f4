export { syntheticSpeech } from './sound/synthetic-speech.ts';
export { describeSpeechEngine } from './speech/speech-engine.conformance.ts';
export { createFakeSpeech } from './speech/speech-engine.fake.ts';
