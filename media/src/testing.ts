export { syntheticSpeech } from './sound/synthetic-speech.ts';
export { describeSpeechEngine } from './speech/describe-speech-engine.ts';
export { createFakeSpeech } from './speech/speech-engine.fake.ts';
