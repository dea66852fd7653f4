import { spellLetters } from './letters.ts';
import { readWhole } from './read-number.ts';
import { NUMBER_BEGINS, type SpeechRule } from './rule.ts';

const KINDS: Readonly<Record<string, string>> = {
  NĐ: 'nghị định',
  QĐ: 'quyết định',
  TT: 'thông tư',
  TTLT: 'thông tư liên tịch',
  NQ: 'nghị quyết',
  CT: 'chỉ thị',
  KH: 'kế hoạch',
  TB: 'thông báo',
};

const ISSUERS: Readonly<Record<string, string>> = {
  CP: 'Chính phủ',
  TTg: 'Thủ tướng Chính phủ',
  VPCP: 'Văn phòng Chính phủ',
  UBND: 'Ủy ban nhân dân',
  HĐND: 'Hội đồng nhân dân',
  BTP: 'Bộ Tư pháp',
  BCA: 'Bộ Công an',
  BYT: 'Bộ Y tế',
  BTC: 'Bộ Tài chính',
  BNV: 'Bộ Nội vụ',
  BTTTT: 'Bộ Thông tin và Truyền thông',
  BKHCN: 'Bộ Khoa học và Công nghệ',
  BVHTTDL: 'Bộ Văn hóa, Thể thao và Du lịch',
  BHXH: 'Bảo hiểm xã hội',
};

const KIND_WORDS = [...Object.values(KINDS), 'công văn', 'văn bản'].join('|');

/** `63/2024/NĐ-CP`, `296/QĐ-VPCP`, also after the writer's own "Nghị định số". */
export const decree: SpeechRule = {
  name: 'law-reference',
  pattern: new RegExp(
    String.raw`(?:(?<!\p{L})(${KIND_WORDS})\s+)?(?:(?<!\p{L})số\s+)?${NUMBER_BEGINS}(\d+)/(?:(\d{4})/)?(\p{Lu}{2,4})-(\p{Lu}\p{L}+)(?![\p{L}\p{N}])`,
    'giu',
  ),
  speak([, said, serial = '', year, kind = '', issuer = '']) {
    const known = KINDS[kind];
    if (known === undefined) return undefined;
    const by = ISSUERS[issuer] ?? spellLetters(issuer);
    return `${said ?? known} số ${readWhole(serial)}${year ? ` năm ${readWhole(year)}` : ''} của ${by}`;
  },
};

/** `03/2026/QH16` */
export const law: SpeechRule = {
  name: 'law-reference',
  pattern: new RegExp(
    String.raw`(?:(?<![\p{L}])số\s+)?${NUMBER_BEGINS}(\d+)/(\d{4})/QH(\d{1,2})(?![\p{L}\p{N}])`,
    'gu',
  ),
  speak: ([, serial = '', year = '', term = '']) =>
    `số ${readWhole(serial)} năm ${readWhole(year)} của Quốc hội khóa ${readWhole(term)}`,
};
