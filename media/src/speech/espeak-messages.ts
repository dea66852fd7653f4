import type { SpeechVoice } from './speech-engine.ts';

/** What the parent asks of the child; replies carry the same `id`. */
export type EspeakRequest =
  | { readonly kind: 'voices'; readonly id: number }
  | {
      readonly kind: 'speak';
      readonly id: number;
      readonly text: string;
      readonly voice: string;
      readonly wordsPerMinute: number;
    };

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
