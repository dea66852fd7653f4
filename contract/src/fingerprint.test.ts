import { describe, expect, it } from 'vitest';
import { TEST_KEYS } from './builders.ts';
import { fingerprintWords } from './fingerprint.ts';

const raw = (x: string) => Buffer.from(x, 'base64url');

describe('the six words of a key', () => {
  it('are always the same for one key, and differ between keys', () => {
    expect(fingerprintWords(raw(TEST_KEYS.device.x))).toEqual(fingerprintWords(raw(TEST_KEYS.device.x)));
    expect(fingerprintWords(raw(TEST_KEYS.device.x))).not.toEqual(
      fingerprintWords(raw(TEST_KEYS.stranger.x)),
    );
  });

  it('are frozen: both ends of the line derive them', () => {
    expect(fingerprintWords(raw(TEST_KEYS.device.x)).join(' ')).toMatchInlineSnapshot(
      `"thum ngau vao mao vang sui"`,
    );
  });

  it('change with a single bit of the key', () => {
    const key = raw(TEST_KEYS.device.x);
    const words = fingerprintWords(key);
    key[0] = (key[0] ?? 0) ^ 1;
    expect(fingerprintWords(key)).not.toEqual(words);
  });

  it('come from 256 different plain syllables, each written as Vietnamese writes it', () => {
    const seen = new Set<string>();
    for (let seed = 0; seen.size < 256 && seed < 5000; seed++)
      for (const word of fingerprintWords(Buffer.from(String(seed)))) seen.add(word);
    expect(seen.size).toBe(256);
    for (const word of seen) expect(word).toMatch(/^[a-z]{2,6}$/);
    expect(seen).toContain('nghi');
    expect(seen).not.toContain('ci');
  });
});
