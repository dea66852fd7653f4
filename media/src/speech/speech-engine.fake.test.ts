import { createFakeSpeech, describeSpeechEngine } from '../testing.ts';

describeSpeechEngine('the fake', createFakeSpeech);
