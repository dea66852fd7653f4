import { describe, expect, it } from 'vitest';
import { createRetainedPersistence, filterMatches } from './retained-persistence.ts';

const message = (topic: string, text: string) => ({ topic, payload: Buffer.from(text) });

async function topicsFor(store: ReturnType<typeof createRetainedPersistence>, ...filters: string[]) {
  const topics: string[] = [];
  for await (const { topic } of store.createRetainedStreamCombi(filters)) topics.push(topic);
  return topics.sort();
}

describe('the retained store', () => {
  it('finds by exact topic and by wildcard', async () => {
    const store = createRetainedPersistence();
    for (const topic of ['d/a/status', 'd/b/status', 'd/b/other'])
      await store.storeRetained(message(topic, 'x'));
    expect(await topicsFor(store, 'd/a/status')).toEqual(['d/a/status']);
    expect(await topicsFor(store, 'd/c/status')).toEqual([]);
    expect(await topicsFor(store, 'd/+/status')).toEqual(['d/a/status', 'd/b/status']);
    expect(await topicsFor(store, '#')).toEqual(['d/a/status', 'd/b/other', 'd/b/status']);
  });

  it('keeps the last message of a topic and forgets it on an empty one', async () => {
    const store = createRetainedPersistence();
    await store.storeRetained(message('t', 'one'));
    await store.storeRetained(message('t', 'two'));
    for await (const { payload } of store.createRetainedStreamCombi(['t']))
      expect(String(payload)).toBe('two');
    expect(store.size()).toBe(1);
    await store.storeRetained(message('t', ''));
    expect(store.size()).toBe(0);
  });

  it('walks over nothing for an exact topic', async () => {
    const store = createRetainedPersistence();
    for (let i = 0; i < 100; i++) await store.storeRetained(message(`d/${i}/status`, 'x'));
    let walks = 0;
    const iterate = Map.prototype[Symbol.iterator];
    Map.prototype[Symbol.iterator] = function (this: Map<unknown, unknown>) {
      walks += 1;
      return iterate.call(this);
    };
    try {
      expect(await topicsFor(store, 'd/7/status')).toEqual(['d/7/status']);
    } finally {
      Map.prototype[Symbol.iterator] = iterate;
    }
    expect(walks).toBe(0);
  });
});

describe('topic filters (MQTT 3.1.1 §4.7)', () => {
  it.each([
    ['a/b', 'a/b', true],
    ['a/b', 'a/b/c', false],
    ['a/b/c', 'a/b', false],
    ['a/+', 'a/b', true],
    ['a/+', 'a', false],
    ['a/+', 'a/b/c', false],
    ['+/+', '/a', true],
    ['a/#', 'a', true],
    ['a/#', 'a/b/c', true],
    ['#', 'a/b', true],
    ['A/b', 'a/b', false],
  ])('%s against %s is %s', (filter, topic, expected) => {
    expect(filterMatches(filter, topic)).toBe(expected);
  });
});
