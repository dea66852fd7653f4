import type { Part } from '@loa/kernel';
import { MediaError } from '../errors.ts';
import type { Samples } from '../sound/samples.ts';

/** A voice that an engine can speak with. */
export interface SpeechVoice {
  /** What `synthesize` takes: `vi`, `vi-vn-x-south`. */
  readonly id: string;
  /** BCP 47 language, lower case. */
  readonly language: string;
  /** As a person would call it. */
  readonly name: string;
}

/** A spoken text. */
export interface Speech {
  readonly samples: Samples;
  readonly sampleRateHz: number;
  /** Id of the engine that spoke. */
  readonly engine: string;
  readonly voice: string;
}

/** How a text is to be spoken. */
export interface SpeechOptions {
  /** Id of a voice. Default: the engine's first Vietnamese one. */
  readonly voice?: string | undefined;
  /** 1 is the engine's normal pace; 0.5 half as fast, 2 twice. */
  readonly rate?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Speaks normalised text. GPL engines live in processes of their own, never in ours. */
export interface SpeechEngine extends Part {
  /** Stays the same across releases; it is kept with what was rendered. */
  readonly id: string;
  voices(): Promise<readonly SpeechVoice[]>;
  /**
   * Returns `text` spoken, below full scale.
   * @throws {MediaError} media/unknown-voice, media/cancelled, media/timeout, or media/speech-failed, which is
   *   retryable when the engine's process died.
   */
  synthesize(text: string, options?: SpeechOptions): Promise<Speech>;
}

/** The voice used when none is named. */
export const DEFAULT_VOICE = 'vi';

/** Checks what every engine checks before it speaks, and fills in the defaults. */
export async function checkRequest(
  engine: Pick<SpeechEngine, 'voices'>,
  text: string,
  { voice = DEFAULT_VOICE, rate = 1, signal }: SpeechOptions,
): Promise<{ readonly voice: string; readonly rate: number }> {
  if (signal?.aborted) throw cancelledSpeech(signal.reason);
  if (text.trim() === '')
    throw new MediaError('there is no text to speak', {
      code: 'media/speech-failed',
      details: { field: 'text' },
    });
  if (!(rate >= 0.5 && rate <= 2))
    throw new MediaError(`the rate of speech must be from 0.5 to 2, it is ${rate}`, {
      code: 'media/speech-failed',
      details: { field: 'rate', rate },
    });
  const known = await engine.voices();
  if (!known.some(({ id }) => id === voice))
    throw new MediaError(`there is no voice named "${voice}"`, {
      code: 'media/unknown-voice',
      details: { voice, known: known.map(({ id }) => id) },
    });
  return { voice, rate };
}

/** The fault of a speech that was called off. */
export function cancelledSpeech(cause: unknown): MediaError {
  return new MediaError('the speech was cancelled', { code: 'media/cancelled', cause });
}
