import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { procedureSeed, type Statement } from '../procedures/procedure.schema.ts';
import type { Procedure } from '../procedures/procedures.service.ts';
import { explainerScript, requireCurrent } from './explainer-script.ts';

const TODAY = '2026-03-02';

function shipped(code: string, over: Partial<Procedure> = {}): Procedure {
  const path = new URL(`../procedures/seed/${code}.json`, import.meta.url);
  const seed = procedureSeed.parse(JSON.parse(readFileSync(path, 'utf8')));
  return { id: 'prc_1', version: 1, reviewedMs: null, reviewedBy: null, updatedMs: 0, ...seed, ...over };
}
const said = (text: string): Statement => ({ text, standing: 'sourced', source: 'https://example.test' });
const withRecord = (record: Partial<Procedure['record']>, over: Partial<Procedure> = {}) => {
  const base = shipped('3.000722', over);
  return { ...base, record: { ...base.record, duties: [], howToFile: [], ...record } };
};

describe('a short explainer', () => {
  it('says of the shipped birth record what it is about, who must do what by when, where, and whom to ask', () => {
    expect(explainerScript(shipped('3.000722'), TODAY)).toEqual({
      title: 'Hướng dẫn đăng ký khai sinh cho trẻ em dưới 6 tuổi',
      text: 'Về việc đăng ký khai sinh: trong vòng 60 ngày kể từ ngày đăng ký khai sinh, cha mẹ hoặc người giám hộ phải đăng ký cư trú cho trẻ. Nộp trực tuyến trên Cổng Dịch vụ công quốc gia hoặc ứng dụng VNeID. Thông tin tham khảo, đề nghị liên hệ Bộ phận Một cửa của xã.',
      unverified: true,
    });
  });

  it('says nothing of the shipped death record that nobody has verified', () => {
    const { text } = explainerScript(shipped('2.002913'), TODAY);
    expect(text).toBe(
      'Về việc đăng ký khai tử: người dân có thể chọn thực hiện liên thông 2, 3 hoặc 4 thủ tục. Thông tin tham khảo, đề nghị liên hệ Bộ phận Một cửa của xã.',
    );
    expect(text).not.toContain('15 ngày');
  });

  it('of a verified record calls nothing "for reference"', () => {
    const script = explainerScript(shipped('3.000722', { status: 'verified' }), TODAY);
    expect(script.unverified).toBe(false);
    expect(script.text).not.toContain('tham khảo');
    expect(script.text).toMatch(/Bộ phận Một cửa của xã để được hướng dẫn\.$/);
  });

  it('leaves out what does not fit, and never half of it', () => {
    const long = `Nộp tại ${'trụ sở Ủy ban nhân dân xã '.repeat(9)}`;
    const { text } = explainerScript(
      withRecord({ duties: [said('Phải làm trong 5 ngày.')], howToFile: [said(long)] }),
      TODAY,
    );
    expect(text).toContain('đăng ký khai sinh cho trẻ em dưới 6 tuổi: phải làm trong 5 ngày.');
    expect(text).not.toContain('trụ sở');
  });

  it.each([
    [
      'nothing may be said',
      withRecord({ duties: [{ text: 'Nghe nói.', standing: 'unverified', source: null }] }),
    ],
    ['what may be said is too long', withRecord({ duties: [said('rất dài '.repeat(40))] })],
  ])('is refused when %s', (_, procedure) => {
    expect(() => explainerScript(procedure, TODAY)).toThrow(
      expect.objectContaining({ code: 'procedure/unverified-facts' }),
    );
  });

  it.each([
    ['a repealed one, naming what replaces it', shipped('2.002621'), 'replaced by 3.000722'],
    ['one whose time is over', withRecord({ validUntil: '2026-03-01' }), 'only until 2026-03-01'],
    ['one not in force yet', withRecord({ validFrom: '2026-03-03' }), 'not in force before 2026-03-03'],
  ])('refuses %s', (_, procedure, why) => {
    expect(() => explainerScript(procedure, TODAY)).toThrow(
      expect.objectContaining({ code: 'procedure/not-current', message: expect.stringContaining(why) }),
    );
  });

  it('is current on the last day of its validity, and not for longer', () => {
    const procedure = withRecord({ validUntil: '2027-02-28' });
    expect(() => requireCurrent(procedure, TODAY, '2027-02-28')).not.toThrow();
    expect(() => requireCurrent(procedure, TODAY, '2027-03-01')).toThrow('only until 2027-02-28');
  });
});
