/** Words a minute at rate 1. Slower than eSpeak's own 175: horns echo across a hamlet. */
const NORMAL_WORDS_PER_MINUTE = 155;

/** eSpeak's volume (0–200, 100 its own). At 100 it reaches full scale and clips (measured). */
export const ESPEAK_VOLUME = 60;

/** Returns eSpeak's words a minute for a rate. */
export function espeakWordsPerMinute(rate: number): number {
  return Math.round(NORMAL_WORDS_PER_MINUTE * rate);
}

/** Returns the text without `[[`, which eSpeak takes for the beginning of phoneme codes. */
export function espeakText(text: string): string {
  return text.replaceAll('[[', '[ [');
}
