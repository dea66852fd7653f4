import { describe, expect, it } from 'vitest';
import { aPolicy, aSeries, VIET_NAM } from '../builders.ts';
import { instantOf } from '../calendar/civil-time.ts';
import type { CompileInput } from '../plan/cluster-plan.ts';
import { compile } from '../plan/compile.ts';
import { ROUTINE_RULES } from '../play-rules.ts';
import { type ActiveHold, explain } from './explain.ts';
import { explanationText } from './explanation-text.ts';

const at = (time: string) => instantOf('2026-01-05', time, VIET_NAM);
const minutes = (count: number) => count * 60_000;
const emergency = { ...ROUTINE_RULES, class: 'emergency', start: { kind: 'hard' } } as const;
const input: CompileInput = {
  series: [
    aSeries({ id: 'relay', title: 'Tiếp sóng', plannedMs: minutes(30), clusterIds: ['thon-1', 'thon-2'] }),
    aSeries({ id: 'news', title: 'Tin xã', localTime: '05:20:00', plannedMs: minutes(10) }),
    aSeries({ id: 'flood', title: 'Báo lũ', localTime: '05:10:00', plannedMs: minutes(2), rules: emergency }),
    aSeries({
      id: 'short',
      title: 'Nhắc lịch tiêm',
      localTime: '05:15:00',
      rules: { ...ROUTINE_RULES, start: { kind: 'wait', maxWaitMs: 0 } },
    }),
    aSeries({ id: 'night', title: 'Bản tin đêm', localTime: '23:00:00', plannedMs: minutes(10) }),
  ],
  policies: new Map([
    ['thon-1', aPolicy()],
    ['thon-2', aPolicy()],
  ]),
  nowMs: at('00:00'),
  horizon: { fromMs: at('00:00'), untilMs: at('00:00') + 86_400_000 },
  known: [],
};
const hold: ActiveHold = {
  id: 'h1',
  includesEmergency: false,
  fromMs: at('05:00'),
  untilMs: null,
  reason: 'Dừng tất cả',
};
const say = (
  time: string,
  { clusterId = 'thon-1', holds = [] as readonly ActiveHold[], language = 'vi' as 'vi' | 'en' } = {},
) => explanationText(explain(input, { clusterId, atMs: at(time), holds }), language, VIET_NAM);

describe('S-28 why a cluster sounds, or does not, at an instant', () => {
  it('says what plays and what comes next', () => {
    expect(say('05:05')).toEqual([
      'Đang phát “Tiếp sóng” từ 05:00 đến 05:10.',
      'Tiếp theo: “Báo lũ” lúc 05:10.',
    ]);
  });

  it('says what was beaten and when its turn comes', () => {
    expect(say('05:11')).toEqual([
      'Đang phát “Báo lũ” từ 05:10 đến 05:12.',
      '“Tiếp sóng” sẽ phát lúc 05:12.',
      'Tiếp theo: “Tiếp sóng” lúc 05:12.',
    ]);
  });

  it('says what waits and what may not', () => {
    expect(say('05:15')).toEqual([
      'Đang phát “Tiếp sóng” từ 05:12 đến 05:32.',
      '“Nhắc lịch tiêm” không được phát vào lúc này. Loa đang bận và chương trình đến sau không được chờ lâu như vậy, nên không phát.',
      'Tiếp theo: “Tin xã” lúc 05:32.',
    ]);
    expect(say('05:25')[1]).toBe('“Tin xã” sẽ phát lúc 05:32.');
  });

  it('says that nothing is planned', () => {
    expect(say('12:00')).toEqual(['Loa đang im lặng: không có chương trình nào vào lúc này.']);
  });

  it('says what was left out, and why', () => {
    expect(say('23:05')).toEqual([
      '“Bản tin đêm” không có trong lịch phát. Từ 23:00 đến 23:10 nằm ngoài khung giờ được phát theo quy chế.',
    ]);
  });

  it('says that a hold keeps it silent, but not an emergency', () => {
    expect(say('05:05', { holds: [hold] })[0]).toBe('Loa đang bị tạm dừng: Dừng tất cả.');
    expect(say('05:11', { holds: [hold] })[0]).toBe('Đang phát “Báo lũ” từ 05:10 đến 05:12.');
    expect(say('05:11', { holds: [{ ...hold, includesEmergency: true }] })[0]).toBe(
      'Loa đang bị tạm dừng: Dừng tất cả.',
    );
    expect(say('05:05', { holds: [{ ...hold, untilMs: at('05:05') }] })[0]).toMatch(/^Đang phát/);
  });

  it('names by its id what began under a series that is gone', () => {
    const [begun] = compile(input).occurrences;
    const edited = input.series.map((one) =>
      one.id === 'relay' ? { ...one, id: 'relay-2', rootId: 'relay' } : one,
    );
    const later = { ...input, series: edited, known: begun ? [begun] : [], nowMs: at('05:05') };
    expect(explain(later, { clusterId: 'thon-1', atMs: at('05:05'), holds: [] }).plays?.title).toBe('relay');
  });

  it('speaks of one cluster only, also of one that has nothing', () => {
    expect(say('05:11', { clusterId: 'thon-2' })[0]).toBe('Đang phát “Tiếp sóng” từ 05:00 đến 05:30.');
    expect(say('05:11', { clusterId: 'thon-9' })).toEqual([
      'Loa đang im lặng: không có chương trình nào vào lúc này.',
    ]);
  });

  it('speaks English too', () => {
    expect(say('05:11', { language: 'en' })).toEqual([
      '"Báo lũ" is playing, from 05:10 to 05:12.',
      '"Tiếp sóng" gets its turn at 05:12.',
      'Next: "Tiếp sóng" at 05:12.',
    ]);
    expect(say('05:15', { language: 'en' })[1]).toMatch(/^"Nhắc lịch tiêm" does not have the horn now/);
    expect(say('23:05', { language: 'en' })[0]).toMatch(/^"Bản tin đêm" was left out/);
    expect(say('12:00', { language: 'en' })[0]).toBe('The horn is silent: nothing is planned now.');
    expect(say('05:05', { language: 'en', holds: [hold] })[0]).toBe('The horn is on hold: Dừng tất cả.');
  });
});
