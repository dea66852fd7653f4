import type { SpeechRule } from './rule.ts';

/** What commune bulletins abbreviate. A commune's own dictionary goes first, see `dictionaryRule`. */
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  UBND: 'Ủy ban nhân dân',
  HĐND: 'Hội đồng nhân dân',
  MTTQ: 'Mặt trận Tổ quốc',
  BHYT: 'bảo hiểm y tế',
  BHXH: 'bảo hiểm xã hội',
  CCCD: 'căn cước công dân',
  CMND: 'chứng minh nhân dân',
  TTHC: 'thủ tục hành chính',
  VNeID: 'vi en e i đi',
  THCS: 'trung học cơ sở',
  THPT: 'trung học phổ thông',
  PCCC: 'phòng cháy chữa cháy',
  'TP.HCM': 'Thành phố Hồ Chí Minh',
};

/** Whole words of the built-in list, as written there. */
export const abbreviation: SpeechRule = dictionaryRule('abbreviation', ABBREVIATIONS);

/** Makes a rule that says each key of `entries`, where it stands as a whole word, as its value; the longest key first. */
export function dictionaryRule(name: string, entries: Readonly<Record<string, string>>): SpeechRule {
  const spoken = new Map(
    Object.entries(entries).map(([key, value]) => [key.normalize('NFC'), value.normalize('NFC')]),
  );
  const keys = [...spoken.keys()].filter((key) => key !== '').sort((a, b) => b.length - a.length);
  const words = keys.map((key) => RegExp.escape(key)).join('|') || '(?!)'; // an empty dictionary matches nothing
  return {
    name,
    pattern: new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${words})(?![\p{L}\p{N}])`, 'gu'),
    speak: ([word]) => spoken.get(word),
  };
}
