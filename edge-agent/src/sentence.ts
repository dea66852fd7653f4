/** The longest sentence that the contract lets through. */
const MAX_CHARACTERS = 400;

/** Returns `text` as the contract wants a sentence: no control characters, at most 400 characters. */
export function toSentence(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, MAX_CHARACTERS);
}
