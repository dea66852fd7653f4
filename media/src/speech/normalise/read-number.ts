const DIGITS = ['không', 'một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín'];
const SCALES = ['', 'nghìn', 'triệu'];
const BILLION_DIGITS = 9;

/** Returns the digits spoken one by one: `không không bảy`. */
export function readDigits(digits: string): string {
  return [...digits].map((digit) => DIGITS[Number(digit)] ?? digit).join(' ');
}

/**
 * Returns a whole number in words. `digits` may have "." between groups.
 * What is no quantity is read digit by digit: a leading zero, or more than 18 digits.
 */
export function readWhole(digits: string): string {
  const plain = digits.replaceAll('.', '');
  if (plain.length > 18 || (plain.length > 1 && plain.startsWith('0'))) return readDigits(plain);
  return plain === '0' ? 'không' : readQuantity(plain, false);
}

/** Returns what follows a decimal comma: up to two digits as a number, more one by one. */
export function readDecimals(digits: string): string {
  return digits.length <= 2 && !digits.startsWith('0') ? readWhole(digits) : readDigits(digits);
}

function readQuantity(digits: string, hasMoreBefore: boolean): string {
  if (digits.length > BILLION_DIGITS) {
    const rest = digits.slice(-BILLION_DIGITS);
    return joined(
      readQuantity(digits.slice(0, -BILLION_DIGITS), hasMoreBefore),
      'tỷ',
      readQuantity(rest, true),
    );
  }
  const groups = digits.match(/\d{1,3}(?=(?:\d{3})*$)/g) ?? [];
  const words: string[] = [];
  groups.forEach((group, i) => {
    if (Number(group) === 0) return;
    words.push(
      joined(readGroup(group, hasMoreBefore || words.length > 0), SCALES[groups.length - 1 - i] ?? ''),
    );
  });
  return words.join(' ');
}

/** Reads up to three digits. After a higher group all three are spoken: 2.005 is "hai nghìn không trăm lẻ năm". */
function readGroup(group: string, isWhole: boolean): string {
  const [hundreds = 0, tens = 0, units = 0] = [...group.padStart(3, '0')].map(Number);
  const speaksHundreds = hundreds > 0 || isWhole;
  return joined(speaksHundreds ? `${DIGITS[hundreds]} trăm` : '', readTens(tens, units, speaksHundreds));
}

function readTens(tens: number, units: number, afterHundreds: boolean): string {
  const unit = DIGITS[units] ?? '';
  if (tens === 0) return units === 0 ? '' : joined(afterHundreds ? 'lẻ' : '', unit);
  const ten = tens === 1 ? 'mười' : `${DIGITS[tens]} mươi`;
  if (units === 0) return ten;
  if (units === 5) return `${ten} lăm`;
  if (tens > 1 && units === 1) return `${ten} mốt`;
  if (tens > 1 && units === 4) return `${ten} tư`;
  return `${ten} ${unit}`;
}

function joined(...words: readonly string[]): string {
  return words.filter(Boolean).join(' ');
}
