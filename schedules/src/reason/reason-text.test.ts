import { describe, expect, it } from 'vitest';
import type { PlanReason } from './reason.ts';
import { reasonText } from './reason-text.ts';

const REASONS: readonly PlanReason[] = [
  { code: 'quiet-hours', from: '03:15', to: '03:45' },
  { code: 'muted', until: '2026-01-05 11:00', why: 'đám tang' },
  { code: 'limit', limit: 'sessions-per-day', max: 3 },
  { code: 'limit', limit: 'minutes-per-session', max: 45 },
  { code: 'limit', limit: 'minutes-per-day', max: 90 },
  { code: 'excluded' },
  { code: 'holiday', name: 'Tết Nguyên đán' },
  { code: 'no-calendar', tableId: 'le-tet' },
  { code: 'waits-for-commune', from: 'Đài tỉnh' },
  { code: 'declined', from: 'Đài tỉnh' },
  { code: 'not-approved', date: '2026-01-05' },
  { code: 'no-policy' },
  { code: 'already-begun', id: 'thon-1~ser_1~1' },
  { code: 'in-the-past' },
  { code: 'collision', id: 'thon-1~ser_1~1' },
  { code: 'pre-empts' },
  { code: 'waits', waitMs: 1500 },
  { code: 'gives-way' },
  { code: 'slot-over' },
  { code: 'needs-choice' },
  { code: 'edit-begun' },
  { code: 'edit-due' },
  { code: 'edit-held', boxes: 2 },
  { code: 'edit-free' },
];

describe('S-27 each reason is a sentence a person can read', () => {
  it.each(['vi', 'en'] as const)('in %s, each its own', (language) => {
    const sentences = REASONS.map((reason) => reasonText(reason, language));
    expect(new Set(sentences).size).toBe(REASONS.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^[\p{Lu}\d].*\.$/u);
  });

  it('with its figures in it', () => {
    expect(reasonText({ code: 'quiet-hours', from: '03:15', to: '03:45' }, 'vi')).toBe(
      'Từ 03:15 đến 03:45 nằm ngoài khung giờ được phát theo quy chế.',
    );
    expect(reasonText({ code: 'waits', waitMs: 1500 }, 'en')).toBe(
      'The later one waits for the horn and begins 2 seconds late.',
    );
    expect(reasonText({ code: 'limit', limit: 'minutes-per-session', max: 45 }, 'vi')).toBe(
      'Vượt mức quy chế cho phép: mỗi buổi không quá 45 phút.',
    );
  });
});
