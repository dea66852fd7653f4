import { readWhole } from './read-number.ts';
import { NUMBER_BEGINS, NUMBER_ENDS, type SpeechRule } from './rule.ts';

/** Returns a month's number as it is said: the fourth is "tư". */
function readMonth(month: number): string {
  return month === 4 ? 'tư' : readWhole(String(month));
}

function readDay(day: number, month: number): string | undefined {
  if (day < 1 || day > 31 || month < 1 || month > 12) return undefined;
  return `ngày ${readWhole(String(day))} tháng ${readMonth(month)}`;
}

/** `15/12/2025`, `ngày 1-7-2026` */
export const fullDate: SpeechRule = {
  name: 'date',
  pattern: new RegExp(
    String.raw`(?:\b(ngày)\s+)?${NUMBER_BEGINS}(\d{1,2})([/-])(\d{1,2})\3(\d{4})${NUMBER_ENDS}`,
    'giu',
  ),
  speak([, said, day, , month, year = '']) {
    const spoken = readDay(Number(day), Number(month));
    return spoken && `${keepCase(spoken, said)} năm ${readWhole(year)}`;
  },
};

/** `ngày 15/12`: only after the word, for 15/12 alone may be a fraction. */
export const dayAndMonth: SpeechRule = {
  name: 'date',
  pattern: new RegExp(String.raw`\b(ngày)\s+(\d{1,2})/(\d{1,2})${NUMBER_ENDS}`, 'giu'),
  speak([, said, day, month]) {
    const spoken = readDay(Number(day), Number(month));
    return spoken && keepCase(spoken, said);
  },
};

/** `tháng 12/2025`, `tháng 4` */
export const month: SpeechRule = {
  name: 'month',
  pattern: new RegExp(String.raw`\b(tháng)\s+(\d{1,2})(?:/(\d{4}))?${NUMBER_ENDS}`, 'giu'),
  speak([, word, text, year]) {
    const value = Number(text);
    if (value < 1 || value > 12) return undefined;
    return `${word} ${readMonth(value)}${year ? ` năm ${readWhole(year)}` : ''}`;
  },
};

/** Begins with a capital when the writer's own word did. */
function keepCase(spoken: string, said: string | undefined): string {
  return said?.startsWith('N') ? `N${spoken.slice(1)}` : spoken;
}
