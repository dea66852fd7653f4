import { readDigits } from './read-number.ts';
import { NUMBER_BEGINS, NUMBER_ENDS, type SpeechRule } from './rule.ts';

/** A procedure's code on the national portal, `3.000722`: one digit, a point, two breaths of three digits. */
export const procedureCode: SpeechRule = {
  name: 'procedure-code',
  pattern: new RegExp(`${NUMBER_BEGINS}(\\d)\\.(\\d{3})(\\d{3})${NUMBER_ENDS}`, 'gu'),
  speak: ([, first = '', middle = '', last = '']) =>
    `${readDigits(first)} chấm ${readDigits(middle)}, ${readDigits(last)}`,
};
