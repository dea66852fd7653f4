import { createHash, randomBytes } from 'node:crypto';
import { createSigner } from '@loa/contract';
import { aPlan, EXAMPLE_MS, TEST_KEYS } from '@loa/contract/testing';
import { type OccurrenceId, randomId, type Sha256 } from '@loa/kernel';
import type { Bench } from './result.ts';

const OCCURRENCES = 300;
const SOUNDS = 40;
const A_DAY = 10;

/** Signs a month of a busy hamlet, with ids and hashes that no compression can guess. */
export const measurePlanBytes: Bench = async ({ give }) => {
  const content = aBusyMonth();
  const signer = await createSigner(TEST_KEYS.order);
  const jws = await signer.sign({
    v: 1,
    suite: 'eddsa-1',
    kind: 'plan',
    device: `box-${randomId()}`,
    id: randomId('ord'),
    issuedAtMs: EXAMPLE_MS,
    epoch: 1,
    rev: 1,
    body: { kind: 'inline', content },
  });
  give({
    case: `plan of ${OCCURRENCES} occurrences over ${SOUNDS} sounds`,
    value: jws.length,
    unit: 'bytes',
    target: 16_384,
    peer: 'the same plan as JSON',
    peerValue: Buffer.byteLength(JSON.stringify(content)),
  });
};

function aBusyMonth() {
  const sha256 = () => createHash('sha256').update(randomBytes(32)).digest('hex') as Sha256;
  const [example] = aPlan().items;
  if (!example) throw new TypeError('the example plan has no item');
  const items = Array.from({ length: SOUNDS }, (_, sound) => ({
    ...example,
    bulletinId: randomId('bul'),
    manifest: sha256(),
    seriesId: randomId('ser'),
    title: `Bản tin số ${sound + 1}: đăng ký khai sinh, tiêm chủng, phòng chống cháy rừng`,
    parts: [{ kind: 'sound' as const, sound, language: 'vi' }],
  }));
  const lengthMs = items.map((_, index) => 15_000 + ((index * 7_919) % 120_000));
  const clusterId = randomId('clu');
  return aPlan({
    items,
    sounds: lengthMs.map((durationMs) => ({ sha256: sha256(), bytes: durationMs * 3 + 517, durationMs })),
    occurrences: Array.from({ length: OCCURRENCES }, (_, index) => {
      const item = (index * 7) % SOUNDS;
      const startsAtMs = EXAMPLE_MS + Math.floor(index / A_DAY) * 86_400_000 + (index % A_DAY) * 4_500_000;
      const id = `${clusterId}~${items[item]?.seriesId}~${startsAtMs}` as OccurrenceId;
      return { id, item, startsAtMs, plannedMs: lengthMs[item] ?? 0 };
    }),
  });
}
