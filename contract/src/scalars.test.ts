import { describe, expect, it } from 'vitest';
import { aPlan } from './builders.ts';
import { signedMessage } from './orders.ts';
import { SAMPLE_MESSAGES } from './samples.ts';
import { clusterId, epochMs, occurrenceId, shortId } from './scalars.ts';

const { plan, play, config } = SAMPLE_MESSAGES;
const opens = (message: object) => signedMessage.safeParse(message).success;

describe('an occurrence id', () => {
  it('has room for the longest cluster, series and time: 120 characters', () => {
    const cluster = clusterId.parse('c'.repeat(63));
    const series = shortId.parse('s'.repeat(40));
    const latest = epochMs.parse(253_402_300_799_999);
    const longest = `${cluster}~${series}~${latest}`;
    expect(longest.length).toBe(120);
    expect(occurrenceId.parse(longest)).toBe(longest);
  });

  it('has parts that cannot run into each other: ~ stands between them only', () => {
    for (const part of [clusterId, shortId]) {
      expect(part.safeParse('a~b').success).toBe(false);
      expect(part.safeParse('').success).toBe(false);
    }
  });
});

describe('a message whose ids would not fit an occurrence id is refused', () => {
  it.each([
    ['a cluster of 64 characters', { ...config, body: { ...config.body, clusterId: 'c'.repeat(64) } }],
    ['an act of 41 characters', { ...play, id: 'a'.repeat(41) }],
    ['a planned cluster of 64 characters', withContent({ clusterId: 'c'.repeat(64) })],
    [
      'a series of 41 characters',
      withContent({ items: aPlan().items.map((item) => ({ ...item, seriesId: 's'.repeat(41) })) }),
    ],
  ])('%s', (_, message) => {
    expect(opens(message)).toBe(false);
  });

  it('and at their longest they are let through', () => {
    expect(opens({ ...config, body: { ...config.body, clusterId: 'c'.repeat(63) } })).toBe(true);
    expect(opens({ ...play, id: 'a'.repeat(40) })).toBe(true);
  });
});

function withContent(change: object) {
  return { ...plan, body: { kind: 'inline', content: { ...aPlan(), ...change } } };
}
