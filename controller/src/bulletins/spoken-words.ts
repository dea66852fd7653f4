import { normaliseForSpeech, type SpeechChange } from '@loa/media';
import type { Segment } from './bulletin-content.schema.ts';

/** The words that a voice gets for a text, and what was said otherwise than written. */
export interface SpokenWords {
  readonly spoken: string;
  readonly changes: readonly SpeechChange[];
}

/** Returns the author's own wording when there is one, else the normaliser's; only Vietnamese has a normaliser. */
export function spokenWords(segment: Extract<Segment, { kind: 'speech' }>, language: string): SpokenWords {
  if (segment.spoken !== null) return { spoken: segment.spoken, changes: [] };
  if (!/^vi(-|$)/.test(language)) return { spoken: segment.text, changes: [] };
  return normaliseForSpeech(segment.text);
}
