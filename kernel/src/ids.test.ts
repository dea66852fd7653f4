import { describe, expect, it } from 'vitest';
import { countingId, randomId } from './ids.ts';

describe('a random id', () => {
  it('has 16 characters that are not misread aloud, after its prefix', () => {
    expect(randomId('bul')).toMatch(/^bul_[0-9abcdefghjkmnpqrstvwxyz]{16}$/);
    expect(randomId()).toMatch(/^[0-9abcdefghjkmnpqrstvwxyz]{16}$/);
  });

  it('does not come twice, and uses each of the 32 characters', () => {
    const ids = Array.from({ length: 2_000 }, () => randomId());
    expect(new Set(ids).size).toBe(2_000);
    expect(new Set(ids.join('')).size).toBe(32);
  });
});

it('counting ids are the same in every run, and each counter has its own', () => {
  const [first, second] = [countingId(), countingId()];
  expect([first('bul'), first('ser'), first(), second('bul')]).toEqual([
    'bul_0001',
    'ser_0002',
    'id_0003',
    'bul_0001',
  ]);
});
