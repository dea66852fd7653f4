import { describe, expect, it } from 'vitest';
import { systemClock as clock } from './system-clock.ts';

describe('the system clock', () => {
  it('never wakes a sleeper early', async () => {
    for (let round = 0; round < 30; round++) {
      const ms = 1.7 + round / 50;
      const beganMs = clock.monotonicMs();
      await clock.sleep(ms);
      expect(clock.monotonicMs() - beganMs).toBeGreaterThanOrEqual(ms);
    }
  });

  it('sleeps on where a bare timer of Node overflows and fires at once', async () => {
    const warnings: string[] = [];
    const hear = ({ name }: Error) => warnings.push(name);
    process.on('warning', hear);
    const controller = new AbortController();
    const long = clock.sleep(2 ** 31 + 5, { signal: controller.signal }).then(
      () => 'woke',
      () => 'cancelled',
    );
    const short = clock.sleep(10).then(() => 'still asleep');
    expect(await Promise.race([long, short])).toBe('still asleep');
    controller.abort();
    expect(await long).toBe('cancelled');
    process.off('warning', hear);
    expect(warnings).toEqual([]); // TimeoutOverflowWarning
  });

  it.for([0, -5])('a sleep of %d ms gives others a turn and returns', async (ms) => {
    let isTurnGiven = false;
    setImmediate(() => {
      isTurnGiven = true;
    });
    await clock.sleep(ms);
    await new Promise((resolve) => setImmediate(resolve));
    expect(isTurnGiven).toBe(true);
  });

  it('rejects with the reason of a signal, before or during the sleep', async () => {
    const reason = new Error('stopping');
    await expect(clock.sleep(60_000, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const sleeping = expect(clock.sleep(60_000, { signal: controller.signal })).rejects.toBe(reason);
    controller.abort(reason);
    await sleeping;
  });

  it('tells a wall time that agrees with the machine', () => {
    const differenceMs = clock.now().epochMilliseconds - Temporal.Now.instant().epochMilliseconds;
    expect(Math.abs(differenceMs)).toBeLessThan(60_000);
  });
});
