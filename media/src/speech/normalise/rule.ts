/** A way of writing that speech engines misread, and how it is spoken. */
export interface SpeechRule {
  /** Shown to the person who checks the text: kebab-case, stable. */
  readonly name: string;
  /** Global and Unicode. What it matches is replaced as a whole and left alone by later rules. */
  readonly pattern: RegExp;
  /** Returns what to say, or `undefined` to leave this match as it is. */
  speak(match: RegExpExecArray): string | undefined;
}

/** Not inside a word or a longer number: put before a pattern that begins with a digit. */
export const NUMBER_BEGINS = String.raw`(?<![\p{L}\p{N}]|\p{N}[.,:/-])`;
/** The same for the end; a full stop or comma of the sentence may follow. */
export const NUMBER_ENDS = String.raw`(?![\p{L}\p{N}]|[.,:/-]\p{N})`;
/** Whole numbers, with "." between groups of three when there are any. */
export const WHOLE = String.raw`\d{1,3}(?:\.\d{3})+|\d+`;
