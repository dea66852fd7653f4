import { createHash } from 'node:crypto';
import type { OccurrenceId, Sha256 } from '@loa/kernel';
import { describe, expect, it } from 'vitest';
import { aPlan, EXAMPLE_MS, TEST_KEYS } from './builders.ts';
import type { PlanContent } from './plan.ts';
import { SAMPLE_MESSAGES } from './samples.ts';
import { createSigner } from './signing.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const hash = (name: string) => createHash('sha256').update(name).digest();
/** Random-looking, yet the same in every run: 16 characters as `randomId` of kernel makes them. */
const id = (prefix: string, name: string) =>
  `${prefix}_${Array.from(hash(name).subarray(0, 16), (byte) => ALPHABET[byte % 32]).join('')}`;
const TITLES = [
  'Đăng ký khai sinh liên thông, cấp thẻ bảo hiểm y tế cho trẻ dưới 6 tuổi',
  'Đăng ký khai tử liên thông, trợ cấp mai táng phí',
  'Lịch tiêm chủng mở rộng tháng này tại trạm y tế xã',
  'Phòng chống cháy rừng mùa khô, quy định đốt nương',
];

/** A month of a busy hamlet: 40 bulletins with a sound each and a chime before it, 10 starts a day. */
function aBusyMonth(): PlanContent {
  const [item] = aPlan().items;
  if (!item) throw new Error('the example plan has no item');
  return aPlan({
    sounds: Array.from({ length: 40 }, (_, index) => ({
      sha256: hash(`sound ${index}`).toString('hex') as Sha256,
      bytes: 40_000 + (hash(`bytes ${index}`).readUInt16BE() % 400_000),
      durationMs: 15_000 + (hash(`ms ${index}`).readUInt16BE() % 120_000),
    })),
    items: Array.from({ length: 40 }, (_, index) => ({
      ...item,
      bulletinId: id('bul', `${index}`),
      manifest: hash(`manifest ${index}`).toString('hex') as Sha256,
      seriesId: id('ser', `${index}`),
      title: `${TITLES[index % TITLES.length]} (số ${index + 1})`,
      parts: [
        { kind: 'sound' as const, sound: 0 },
        { kind: 'sound' as const, sound: index, language: 'vi' },
      ],
    })),
    occurrences: Array.from({ length: 300 }, (_, index) => {
      const day = Math.floor(index / 10);
      const startsAtMs = EXAMPLE_MS + day * 86_400_000 + (index % 10) * 4_500_000;
      const itemIndex = (index * 7) % 40;
      return {
        id: `cum-thon-1~${id('ser', `${itemIndex}`)}~${startsAtMs}` as OccurrenceId,
        item: itemIndex,
        startsAtMs,
        plannedMs: 15_000 + (hash(`ms ${itemIndex}`).readUInt16BE() % 120_000),
      };
    }),
  });
}

describe('a plan of 300 occurrences over 40 sounds', () => {
  it('rides in its order: at most 16 KB of JWS bytes', async () => {
    const signer = await createSigner(TEST_KEYS.order);
    const jws = await signer.sign({
      ...SAMPLE_MESSAGES.plan,
      body: { kind: 'inline', content: aBusyMonth() },
    });
    expect(jws.length).toBeGreaterThan(8_000); // ids and hashes that deflate cannot guess
    expect(jws.length).toBeLessThanOrEqual(16_384);
  });
});
