import { beforeEach, describe, expect, it } from 'vitest';
import { fakeClock } from './fake-clock.ts';

describe('the fake clock', () => {
  let clock: ReturnType<typeof fakeClock>;
  let log: string[];
  const sleep = (name: string, ms: number, signal?: AbortSignal) =>
    clock.sleep(ms, { signal }).then(() => {
      log.push(`${name} at ${clock.monotonicMs()}`);
    });

  beforeEach(() => {
    clock = fakeClock();
    log = [];
  });

  it('begins on Monday 5 January 2026 at midnight UTC, or where it is told', () => {
    expect(String(clock.now())).toBe('2026-01-05T00:00:00Z');
    expect(String(fakeClock('2030-02-03T04:05:06.789Z').now())).toBe('2030-02-03T04:05:06.789Z');
  });

  it('moves wall and monotonic time together', async () => {
    await clock.advance(61_500);
    expect(String(clock.now())).toBe('2026-01-05T00:01:01.5Z');
    expect(clock.monotonicMs()).toBe(61_500);
  });

  it('steps the wall clock alone, either way, and wakes nobody', async () => {
    void sleep('a', 1_000);
    clock.step(3_600_000);
    expect(String(clock.now())).toBe('2026-01-05T01:00:00Z');
    clock.step(-7_200_000);
    expect(String(clock.now())).toBe('2026-01-04T23:00:00Z');
    await clock.advance(999);
    expect(log).toEqual([]);
    expect(clock.monotonicMs()).toBe(999);
  });

  it('wakes sleepers in the order of their time, each at its own time', async () => {
    void sleep('late', 300);
    void sleep('early', 100);
    void sleep('middle', 200);
    void sleep('never', 301);
    await clock.advance(300);
    expect(log).toEqual(['early at 100', 'middle at 200', 'late at 300']);
    expect(clock.sleepers()).toBe(1);
  });

  it('wakes sleepers of the same time in the order in which they lay down', async () => {
    for (const name of ['a', 'b', 'c']) void sleep(name, 100);
    await clock.advance(100);
    expect(log).toEqual(['a at 100', 'b at 100', 'c at 100']);
  });

  it('lets what a sleeper does, and its next sleep, happen before the one after', async () => {
    void (async () => {
      for (let beat = 0; beat < 3; beat++) await sleep('beat', 100);
    })();
    void sleep('other', 250);
    await clock.advance(300);
    expect(log).toEqual(['beat at 100', 'beat at 200', 'other at 250', 'beat at 300']);
  });

  it('wakes a sleep of no length with the next advance, even of 0 ms', async () => {
    void sleep('a', 0);
    void sleep('b', -5);
    await clock.advance(0);
    expect(log).toEqual(['a at 0', 'b at 0']);
  });

  it('forgets a sleeper whose signal aborts, with the reason of the signal', async () => {
    const controller = new AbortController();
    const cancelled = expect(sleep('a', 100, controller.signal)).rejects.toThrow('stopping');
    controller.abort(new Error('stopping'));
    await cancelled;
    expect(clock.sleepers()).toBe(0);
    await clock.advance(100);
    expect(log).toEqual([]);
  });

  it('does not lie down for a signal that has aborted', async () => {
    await expect(sleep('a', 100, AbortSignal.abort(new Error('stopping')))).rejects.toThrow('stopping');
    expect(clock.sleepers()).toBe(0);
  });
});
