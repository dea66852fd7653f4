import type { Part, SoundRef } from '@loa/contract';
import { AppError } from '@loa/kernel';
import { CHIME_RATE_HZ, renderChime, type SpeechEngine } from '@loa/media';
import type { ControllerErrorCode } from '../errors.ts';
import type { SoundFacts, Sounds } from '../sounds/sounds.service.ts';
import type { Segment, VariantDraft } from './bulletin-content.schema.ts';
import { spokenWords } from './spoken-words.ts';

/** One language of a bulletin as it goes into a plan. */
export interface RenderedVariant {
  readonly language: string;
  readonly parts: readonly Part[];
  readonly sounds: readonly SoundRef[];
  readonly spokenText: string;
  readonly durationMs: number;
}

/** Makes the sounds of one language. `onSound` is called after each. */
export type RenderVariant = (
  draft: VariantDraft,
  options: { readonly signal: AbortSignal; readonly onSound: () => Promise<void> },
) => Promise<RenderedVariant>;

/** Returns how many sounds a language takes to make. */
export const soundCount = ({ segments }: VariantDraft) =>
  segments.filter(({ kind }) => kind !== 'pause').length;

/**
 * Creates the renderer: the chime once for all, each text by a voice of its language, each through the recipe.
 * It throws bulletin/no-voice, sound/unknown, and what speech and recipe throw.
 */
export function createRenderVariant({
  sounds,
  speech,
}: {
  readonly sounds: Sounds;
  readonly speech: SpeechEngine;
}): RenderVariant {
  let chime: Promise<SoundFacts> | undefined;
  const theChime = () => {
    chime ??= sounds
      .addRendered({ samples: renderChime(), sampleRateHz: CHIME_RATE_HZ }, 'chime')
      .catch((error: unknown) => {
        chime = undefined; // the next bulletin tries again
        throw error;
      });
    return chime;
  };
  const speak = async (text: string, language: string, signal: AbortSignal): Promise<SoundFacts> => {
    const voice = await voiceFor(speech, language);
    const raw = await speech.synthesize(text, { voice, signal });
    return sounds.addRendered(raw, `${raw.engine}/${raw.voice}`, signal);
  };
  return async ({ language, segments }, { signal, onSound }) => {
    const used: SoundFacts[] = [];
    const parts: Part[] = [];
    const texts: string[] = [];
    const add = async (sound: SoundFacts) => {
      const known = used.findIndex(({ sha256 }) => sha256 === sound.sha256);
      parts.push({ kind: 'sound', sound: known >= 0 ? known : used.push(sound) - 1, language });
      await onSound();
    };
    const take = async (segment: Segment): Promise<unknown> => {
      switch (segment.kind) {
        case 'pause':
          return parts.push({ kind: 'pause', ms: segment.ms });
        case 'chime':
          return add(await theChime());
        case 'recording':
          return add(await sounds.get(segment.sound));
        case 'speech': {
          const { spoken } = spokenWords(segment, language);
          texts.push(spoken);
          return add(await speak(spoken, language, signal));
        }
      }
    };
    for (const segment of segments) {
      signal.throwIfAborted();
      await take(segment);
    }
    const lengthOf = (part: Part) =>
      part.kind === 'pause'
        ? part.ms
        : part.kind === 'sound'
          ? (used[part.sound]?.durationMs ?? 0)
          : part.maxMs;
    return {
      language,
      parts,
      sounds: used.map(({ sha256, byteLength, durationMs }) => ({ sha256, bytes: byteLength, durationMs })),
      spokenText: texts.join('\n'),
      durationMs: parts.reduce((total, part) => total + lengthOf(part), 0),
    };
  };
}

async function voiceFor(speech: SpeechEngine, language: string): Promise<string> {
  const wanted = language.toLowerCase();
  const voices = await speech.voices();
  const voice =
    voices.find((candidate) => candidate.language === wanted) ??
    voices.find((candidate) => candidate.language.split('-')[0] === wanted.split('-')[0]);
  if (voice) return voice.id;
  throw new AppError<ControllerErrorCode>(
    `no voice here speaks ${language}: upload a recording of a person for it instead of a text`,
    { code: 'bulletin/no-voice', details: { language } },
  );
}
