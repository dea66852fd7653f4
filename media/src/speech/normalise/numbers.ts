import { readDecimals, readDigits, readWhole } from './read-number.ts';
import { NUMBER_BEGINS, NUMBER_ENDS, type SpeechRule, WHOLE } from './rule.ts';

const NUMBER = String.raw`(${WHOLE})(?:,(\d+))?`;

function readNumber(whole = '', decimals?: string): string {
  return decimals === undefined ? readWhole(whole) : `${readWhole(whole)} phẩy ${readDecimals(decimals)}`;
}

/** `25%`, `3,5 %` */
export const percent: SpeechRule = {
  name: 'percent',
  pattern: new RegExp(`${NUMBER_BEGINS}${NUMBER}\\s?%`, 'gu'),
  speak: ([, whole, decimals]) => `${readNumber(whole, decimals)} phần trăm`,
};

/** `50.000đ`, `50.000 VNĐ` */
export const money: SpeechRule = {
  name: 'money',
  pattern: new RegExp(String.raw`${NUMBER_BEGINS}${NUMBER}\s?(?:đ|₫|VNĐ|VND)(?![\p{L}\p{N}])`, 'gu'),
  speak: ([, whole, decimals]) => `${readNumber(whole, decimals)} đồng`,
};

/** `0912345678`, `0912.345.678`: groups of digits with a breath between. */
export const phone: SpeechRule = {
  name: 'phone',
  pattern: new RegExp(String.raw`${NUMBER_BEGINS}0\d{2,4}(?:[ .-]?\d{3,4}){2}${NUMBER_ENDS}`, 'gu'),
  speak([text]) {
    const digits = text.replace(/\D/g, '');
    if (digits.length < 10 || digits.length > 11) return undefined;
    const groups = [digits.slice(0, -6), digits.slice(-6, -3), digits.slice(-3)];
    return groups.map(readDigits).join(', ');
  },
};

/** `5-7 ngày`: from one to the other. */
export const range: SpeechRule = {
  name: 'range',
  pattern: new RegExp(`${NUMBER_BEGINS}(${WHOLE})\\s?[-–]\\s?(${WHOLE})${NUMBER_ENDS}`, 'gu'),
  speak: ([, from = '', to = '']) => `${readWhole(from)} đến ${readWhole(to)}`,
};

/** `3,5` and `1.250.000` and `21` */
export const number: SpeechRule = {
  name: 'number',
  pattern: new RegExp(`${NUMBER_BEGINS}${NUMBER}${NUMBER_ENDS}`, 'gu'),
  speak: ([, whole, decimals]) => readNumber(whole, decimals),
};
