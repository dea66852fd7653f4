import { abbreviation, dictionaryRule } from './abbreviations.ts';
import { dayAndMonth, fullDate, month } from './dates.ts';
import { decree, law } from './law-references.ts';
import { money, number, percent, phone, range } from './numbers.ts';
import { procedureCode } from './procedure-codes.ts';
import type { SpeechRule } from './rule.ts';
import { time } from './times.ts';

/** In this order: what looks like a number but is none comes before the numbers. To add a rule, put it in its place. */
const RULES: readonly SpeechRule[] = [
  decree,
  law,
  procedureCode,
  fullDate,
  dayAndMonth,
  month,
  time,
  phone,
  percent,
  money,
  range,
  number,
  abbreviation,
];

/** One thing that is said otherwise than written. */
export interface SpeechChange {
  readonly from: string;
  readonly to: string;
  /** Name of the rule, or `dictionary`. */
  readonly rule: string;
}

/** A text as an engine should get it; a person checks it before approval. */
export interface SpokenText {
  readonly spoken: string;
  /** In the order of the text. */
  readonly changes: readonly SpeechChange[];
}

type Piece = { readonly text: string; readonly change?: SpeechChange };

/**
 * Writes Vietnamese out as it is spoken: numbers, dates, times, codes, references to laws, abbreviations.
 * The caller's `dictionary` (written → spoken, whole words, case matters) goes before every rule.
 */
export function normaliseForSpeech(
  text: string,
  { dictionary = {} }: { readonly dictionary?: Readonly<Record<string, string>> } = {},
): SpokenText {
  let pieces: Piece[] = [{ text: text.normalize('NFC') }];
  for (const rule of [dictionaryRule('dictionary', dictionary), ...RULES])
    pieces = pieces.flatMap((piece) => (piece.change ? [piece] : applyRule(rule, piece.text)));
  return {
    spoken: pieces.map((piece) => piece.text).join(''),
    changes: pieces.flatMap(({ change }) => (change ? [change] : [])),
  };
}

function applyRule(rule: SpeechRule, text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(rule.pattern)) {
    const to = rule.speak(match);
    if (to === undefined) continue;
    const [from] = match;
    pieces.push({ text: text.slice(at, match.index) }, { text: to, change: { from, to, rule: rule.name } });
    at = match.index + from.length;
  }
  return [...pieces, { text: text.slice(at) }].filter((piece) => piece.text !== '');
}
