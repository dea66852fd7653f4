import { fakeClock } from '@loa/kernel/testing';
import { describe, expect, it } from 'vitest';
import { type ClockChange, createTimekeeper, HOLDOVER_MS, TRUSTED_MS } from './timekeeper.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

async function aTimekeeper({
  clock = fakeClock(),
  kept = new Map<string, string>(),
  bootId = 'boot-1',
  hasRtc = true,
} = {}) {
  const memory = {
    recall: (key: string) => kept.get(key),
    remember: (key: string, value: string) => void kept.set(key, value),
  };
  const time = createTimekeeper({ clock, memory, bootId, hasRtc });
  const changes: ClockChange[] = [];
  time.onChange((change) => changes.push(change));
  await time.start();
  /** An answer that took `roundTripMs` and says that it is `aheadMs` later than the machine believes. */
  const answer = (aheadMs = 0, roundTripMs = 100) => ({
    theirMs: clock.now().epochMilliseconds - roundTripMs / 2 + aheadMs,
    sentMonotonicMs: clock.monotonicMs() - roundTripMs,
    gotMonotonicMs: clock.monotonicMs(),
    notBeforeMs: clock.now().epochMilliseconds - 300 * DAY_MS,
    notAfterMs: clock.now().epochMilliseconds + 300 * DAY_MS,
  });
  const errorMs = () => time.read().nowMs - clock.now().epochMilliseconds;
  return { clock, kept, time, changes, answer, errorMs };
}

describe('the clock of a box (DESIGN §9)', () => {
  it('is untrusted until somebody who signs has told the time', async () => {
    const { time, answer, changes } = await aTimekeeper();
    expect(time.read().state).toBe('untrusted');
    expect(time.offer(answer())).toBe(true);
    expect(time.read()).toMatchObject({ state: 'trusted', uncertaintyMs: 50 });
    expect(changes).toMatchObject([{ from: 'untrusted', to: 'trusted', stepMs: 0 }]);
  });

  it('leaves a machine clock that agrees alone, and steps over one that does not', async () => {
    const { time, answer, errorMs } = await aTimekeeper();
    time.offer(answer(300));
    expect(errorMs()).toBeCloseTo(0);
    time.offer(answer(10 * 60_000, 20));
    expect(errorMs()).toBeCloseTo(10 * 60_000, 0);
  });

  it('grows unsure by 40 ppm: trusted for hours, holdover for a month, then untrusted', async () => {
    const { time, answer, clock } = await aTimekeeper();
    time.offer(answer());
    await clock.advance(3 * HOUR_MS);
    expect(time.read().state).toBe('trusted');
    await clock.advance(HOUR_MS);
    expect(time.read().state).toBe('holdover');
    const leftMs = (HOLDOVER_MS - time.read().uncertaintyMs) / 40e-6;
    expect(leftMs).toBeGreaterThan(30 * DAY_MS);
  });

  it('keeps its own time when the machine clock jumps, says by how much, and follows small corrections', async () => {
    const { time, answer, clock, changes, errorMs } = await aTimekeeper();
    time.offer(answer());
    clock.step(30 * 60_000);
    await clock.advance(20_000);
    expect(errorMs()).toBeCloseTo(-30 * 60_000);
    expect(changes.at(-1)).toMatchObject({ stepMs: 30 * 60_000 });
    clock.step(TRUSTED_MS / 2);
    await clock.advance(20_000);
    expect(errorMs()).toBeCloseTo(-30 * 60_000);
  });

  it('while it knows nothing it follows the machine', async () => {
    const { clock, errorMs } = await aTimekeeper();
    clock.step(-DAY_MS);
    await clock.advance(20_000);
    expect(errorMs()).toBeCloseTo(0);
  });

  it('believes no answer outside the life of the key, below the floor, or too slow', async () => {
    const { time, answer } = await aTimekeeper();
    expect(time.offer(answer(400 * DAY_MS))).toBe(false);
    expect(time.offer(answer(0, 60_000))).toBe(false);
    expect(time.offer(answer())).toBe(true);
    expect(time.offer(answer(-HOUR_MS))).toBe(false);
    expect(time.read().state).toBe('trusted');
  });

  it('a slow answer does not spoil what is known better', async () => {
    const { time, answer } = await aTimekeeper();
    time.offer(answer(0, 20));
    time.offer(answer(0, 15_000));
    expect(time.read().uncertaintyMs).toBeLessThan(20);
  });

  it('after a restart it goes on where it was; after a reboot an RTC makes it holdover, none makes it untrusted', async () => {
    const first = await aTimekeeper();
    first.time.offer(first.answer());
    await first.clock.advance(HOUR_MS);
    const { clock, kept } = first;
    expect((await aTimekeeper({ clock, kept })).time.read().state).toBe('trusted');
    expect((await aTimekeeper({ clock, kept, bootId: 'boot-2' })).time.read().state).toBe('holdover');
    expect((await aTimekeeper({ clock, kept, bootId: 'boot-2', hasRtc: false })).time.read().state).toBe(
      'untrusted',
    );
  });

  it('never runs before the last signed instant', async () => {
    const first = await aTimekeeper();
    first.time.offer(first.answer());
    const floorMs = first.time.read().nowMs - 50;
    const clock = fakeClock('1970-01-01T00:00:00Z');
    const { time } = await aTimekeeper({ clock, kept: first.kept, bootId: 'boot-2' });
    expect(time.read().state).toBe('untrusted');
    expect(time.read().nowMs).toBeGreaterThanOrEqual(floorMs);
  });
});
