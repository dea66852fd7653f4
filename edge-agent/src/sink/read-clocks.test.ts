import { fakeClock } from '@loa/kernel/testing';
import { expect, it } from 'vitest';
import { readClocks } from './read-clocks.ts';

it('both clocks are read as one moment, although the thread loses its turn in between twice', () => {
  const clock = fakeClock('2026-01-05T00:00:00Z');
  const originMs = clock.now().epochMilliseconds;
  const lostMs = [0, 8, 0, 0, 3, 0, 0, 0];
  let lateMs = 0;
  const monotonicMs = () => {
    lateMs += lostMs.shift() ?? 0;
    return lateMs;
  };
  const now = () => clock.now().add({ milliseconds: lateMs });
  const { wallMs, monoMs } = readClocks({ now, monotonicMs });
  expect(wallMs - originMs).toBe(monoMs);
  expect(monoMs).toBeGreaterThan(0);
});
