import { beforeEach, describe, expect, it } from 'vitest';
import { sleepUntil } from './clock.ts';
import { fakeClock } from './fake-clock.ts';

describe('sleepUntil', () => {
  let clock: ReturnType<typeof fakeClock>;
  let wokeMs: number | undefined;
  const sleep = (instant: string, signal?: AbortSignal) =>
    sleepUntil(clock, Temporal.Instant.from(instant), { signal }).then(() => {
      wokeMs = clock.monotonicMs();
    });

  beforeEach(() => {
    clock = fakeClock('2026-01-05T00:00:00Z');
    wokeMs = undefined;
  });

  it('resolves at the instant, not before', async () => {
    void sleep('2026-01-05T05:00:00.250Z');
    await clock.advance(5 * 3_600_000 + 249);
    expect(wokeMs).toBeUndefined();
    await clock.advance(1);
    expect(wokeMs).toBe(5 * 3_600_000 + 250);
  });

  it.for(['2026-01-05T00:00:00Z', '2025-12-31T00:00:00Z'])(
    'returns at once for %s, now or past',
    async (instant) => {
      await sleep(instant);
      expect(wokeMs).toBe(0);
      expect(clock.sleepers()).toBe(0);
    },
  );

  it('never sleeps more than 30 s in one go', async () => {
    const asked: number[] = [];
    const watched = {
      ...clock,
      sleep: (ms: number) => {
        asked.push(ms);
        return clock.sleep(ms);
      },
    };
    void sleepUntil(watched, Temporal.Instant.from('2026-01-05T00:01:10Z'));
    await clock.advance(70_000);
    expect(asked).toEqual([30_000, 30_000, 10_000]);
  });

  it('notices within 30 s that the clock was set forward past the instant', async () => {
    void sleep('2026-01-05T05:00:00Z');
    await clock.advance(10_000);
    clock.step(6 * 3_600_000);
    await clock.advance(20_000);
    expect(wokeMs).toBe(30_000);
  });

  it('sleeps on when the clock was set back', async () => {
    void sleep('2026-01-05T00:00:20Z');
    await clock.advance(10_000);
    clock.step(-60_000);
    await clock.advance(69_999);
    expect(wokeMs).toBeUndefined();
    await clock.advance(1);
    expect(wokeMs).toBe(80_000);
  });

  it('rejects with the reason of its signal', async () => {
    const controller = new AbortController();
    const cancelled = expect(sleep('2026-01-05T05:00:00Z', controller.signal)).rejects.toThrow('withdrawn');
    await clock.advance(45_000);
    controller.abort(new Error('withdrawn'));
    await cancelled;
    expect(clock.sleepers()).toBe(0);
  });
});
