import type { SpeechVoice } from './speech-engine.ts';

/** What the parent wants to know. */
export type EspeakQuestion =
  | { readonly kind: 'voices' }
  | {
      readonly kind: 'speak';
      readonly text: string;
      readonly voice: string;
      readonly wordsPerMinute: number;
    };

/** A question as it is sent; the reply carries the same `id`. */
export type EspeakRequest = EspeakQuestion & { readonly id: number };

/** What the child answers. */
export type EspeakReply =
  | { readonly kind: 'voices'; readonly id: number; readonly voices: readonly SpeechVoice[] }
  | {
      readonly kind: 'spoken';
      readonly id: number;
      readonly samples: Int16Array;
      readonly sampleRateHz: number;
    }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

/** Tells whether a message from the parent is a request. */
export function isEspeakRequest(message: unknown): message is EspeakRequest {
  return hasKind(message, ['voices', 'speak']);
}

/** Tells whether a message from the child is a reply. */
export function isEspeakReply(message: unknown): message is EspeakReply {
  return hasKind(message, ['voices', 'spoken', 'failed']);
}

function hasKind(message: unknown, kinds: readonly string[]): boolean {
  return (
    typeof message === 'object' &&
    message !== null &&
    'id' in message &&
    'kind' in message &&
    kinds.includes(String(message.kind))
  );
}
