import { readWhole } from './read-number.ts';
import { NUMBER_BEGINS, NUMBER_ENDS, type SpeechRule } from './rule.ts';

/** `7h30`, `7h`, `7g30`, `15:00`: hours up to 24. A bare `7g` may be seven grams. */
export const time: SpeechRule = {
  name: 'time',
  pattern: new RegExp(
    String.raw`${NUMBER_BEGINS}(\d{1,2})(?:\s?h(?:\s?(\d{2}))?|[g:](\d{2}))(?:\s?(?:phút|ph))?${NUMBER_ENDS}`,
    'gu',
  ),
  speak([, hour, afterH, afterSign]) {
    const minute = Number(afterH ?? afterSign ?? 0);
    if (Number(hour) > 24 || minute > 59) return undefined;
    const hours = `${readWhole(String(Number(hour)))} giờ`;
    if (minute === 0) return hours;
    return `${hours} ${minute < 10 ? 'không ' : ''}${readWhole(String(minute))} phút`;
  },
};
