import { describe, expect, it } from 'vitest';
import { normaliseForSpeech } from './normalise-for-speech.ts';
import { readWhole } from './read-number.ts';

const spoken = (text: string) => normaliseForSpeech(text).spoken;

describe('whole numbers', () => {
  it.each([
    ['0', 'không'],
    ['4', 'bốn'],
    ['10', 'mười'],
    ['14', 'mười bốn'],
    ['15', 'mười lăm'],
    ['20', 'hai mươi'],
    ['21', 'hai mươi mốt'],
    ['24', 'hai mươi tư'],
    ['25', 'hai mươi lăm'],
    ['101', 'một trăm lẻ một'],
    ['105', 'một trăm lẻ năm'],
    ['110', 'một trăm mười'],
    ['1005', 'một nghìn không trăm lẻ năm'],
    ['2025', 'hai nghìn không trăm hai mươi lăm'],
    ['1.339', 'một nghìn ba trăm ba mươi chín'],
    ['1.250.000', 'một triệu hai trăm năm mươi nghìn'],
    ['1.000.005', 'một triệu không trăm lẻ năm'],
    ['1.005.000.000', 'một tỷ không trăm lẻ năm triệu'],
    ['2.000.000.000', 'hai tỷ'],
    ['15.000.000.000.000', 'mười lăm nghìn tỷ'],
    ['007', 'không không bảy'],
  ])('%s is "%s"', (digits, words) => expect(readWhole(digits)).toBe(words));
});

describe('each rule', () => {
  it.each([
    ['number', 'có 21 hộ', 'có hai mươi mốt hộ'],
    ['number', 'cao 3,5 mét.', 'cao ba phẩy năm mét.'],
    ['number', 'dài 3,05 mét', 'dài ba phẩy không năm mét'],
    ['number', 'năm 2024, hạn 60 ngày.', 'năm hai nghìn không trăm hai mươi tư, hạn sáu mươi ngày.'],
    ['percent', 'đạt 25%', 'đạt hai mươi lăm phần trăm'],
    ['percent', 'tăng 3,5 %.', 'tăng ba phẩy năm phần trăm.'],
    ['money', 'nộp 50.000đ một lần', 'nộp năm mươi nghìn đồng một lần'],
    ['money', 'nộp 400.000 VNĐ', 'nộp bốn trăm nghìn đồng'],
    ['range', 'từ 5-7 ngày', 'từ năm đến bảy ngày'],
    ['phone', 'gọi 0912345678', 'gọi không chín một hai, ba bốn năm, sáu bảy tám'],
    ['phone', 'gọi 0912.345.678.', 'gọi không chín một hai, ba bốn năm, sáu bảy tám.'],
    ['date', 'từ ngày 15/12/2025', 'từ ngày mười lăm tháng mười hai năm hai nghìn không trăm hai mươi lăm'],
    ['date', 'từ 01/4/2026', 'từ ngày một tháng tư năm hai nghìn không trăm hai mươi sáu'],
    ['date', 'Ngày 2/9', 'Ngày hai tháng chín'],
    ['month', 'trong tháng 4', 'trong tháng tư'],
    ['month', 'tháng 12/2025', 'tháng mười hai năm hai nghìn không trăm hai mươi lăm'],
    ['time', 'lúc 7h30', 'lúc bảy giờ ba mươi phút'],
    ['time', 'lúc 7h30 phút', 'lúc bảy giờ ba mươi phút'],
    ['time', 'lúc 17g45', 'lúc mười bảy giờ bốn mươi lăm phút'],
    ['time', 'sau 15:00', 'sau mười lăm giờ'],
    ['time', 'lúc 07h05.', 'lúc bảy giờ không năm phút.'],
    ['procedure-code', 'mã 3.000722', 'mã ba chấm không không không, bảy hai hai'],
    [
      'law-reference',
      'theo Nghị định số 63/2024/NĐ-CP',
      'theo Nghị định số sáu mươi ba năm hai nghìn không trăm hai mươi tư của Chính phủ',
    ],
    [
      'law-reference',
      'theo 63/2024/NĐ-CP',
      'theo nghị định số sáu mươi ba năm hai nghìn không trăm hai mươi tư của Chính phủ',
    ],
    [
      'law-reference',
      'Quyết định 296/QĐ-VPCP',
      'Quyết định số hai trăm chín mươi sáu của Văn phòng Chính phủ',
    ],
    ['law-reference', 'số 5/QĐ-XYZ', 'quyết định số năm của ích i dài dét'],
    [
      'law-reference',
      'Luật Hộ tịch số 03/2026/QH16',
      'Luật Hộ tịch số không ba năm hai nghìn không trăm hai mươi sáu của Quốc hội khóa mười sáu',
    ],
    ['abbreviation', 'UBND xã', 'Ủy ban nhân dân xã'],
    ['abbreviation', 'thẻ BHYT, mã BHXH', 'thẻ bảo hiểm y tế, mã bảo hiểm xã hội'],
    ['abbreviation', 'HĐND và TTHC', 'Hội đồng nhân dân và thủ tục hành chính'],
    ['abbreviation', 'mở VNeID, đưa CCCD', 'mở vi en e i đi, đưa căn cước công dân'],
  ])('%s: "%s"', (rule, written, words) => {
    const { spoken, changes } = normaliseForSpeech(written);
    expect(spoken).toBe(words);
    expect(changes[0]?.rule).toBe(rule);
  });

  it.each(['đường QL1A', 'mẫu A4', 'ngày 45/13', 'phiên bản 1.2.3', 'UBNDX', 'tháng 13/2025 thì sai'])(
    '"%s" keeps what no rule is sure of',
    (text) => {
      expect(normaliseForSpeech(text)).toEqual({ spoken: text, changes: [] });
    },
  );
});

describe('the whole text', () => {
  it('is composed first, so that letters typed in two strokes are known', () => {
    expect(spoken('HĐND'.normalize('NFD'))).toBe('Hội đồng nhân dân');
    expect(spoken('nga\u0300y 2/9')).toBe('ngày hai tháng chín');
  });

  it("obeys the caller's dictionary before every rule, the longest entry first", () => {
    const dictionary = { BHYT: 'thẻ khám bệnh', '3.000722': 'thủ tục liên thông', 'UBND xã': 'xã nhà' };
    expect(normaliseForSpeech('UBND xã: BHYT, 3.000722, UBND', { dictionary })).toEqual({
      spoken: 'xã nhà: thẻ khám bệnh, thủ tục liên thông, Ủy ban nhân dân',
      changes: [
        { from: 'UBND xã', to: 'xã nhà', rule: 'dictionary' },
        { from: 'BHYT', to: 'thẻ khám bệnh', rule: 'dictionary' },
        { from: '3.000722', to: 'thủ tục liên thông', rule: 'dictionary' },
        { from: 'UBND', to: 'Ủy ban nhân dân', rule: 'abbreviation' },
      ],
    });
  });

  it('is left alone where there is nothing to change', () => {
    const text = 'Kính mời bà con họp thôn, tại nhà văn hóa.';
    expect(normaliseForSpeech(text)).toEqual({ spoken: text, changes: [] });
  });

  it('tells every change in the order of the text', () => {
    const { spoken, changes } = normaliseForSpeech('Từ 7h30 ngày 15/12/2025, UBND xã thu 50.000đ.');
    expect(spoken).toBe(
      'Từ bảy giờ ba mươi phút ngày mười lăm tháng mười hai năm hai nghìn không trăm hai mươi lăm, ' +
        'Ủy ban nhân dân xã thu năm mươi nghìn đồng.',
    );
    expect(changes.map(({ from, rule }) => [from, rule])).toEqual([
      ['7h30', 'time'],
      ['ngày 15/12/2025', 'date'],
      ['UBND', 'abbreviation'],
      ['50.000đ', 'money'],
    ]);
  });
});
