import { silentLogger, systemClock } from '@loa/kernel';
import { fakeClock, memoryLogger } from '@loa/kernel/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { describeSpeechEngine } from '../testing.ts';
import { createBundledEspeak } from './bundled-espeak.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 }); // real processes on a busy machine

const LONG_TEXT = 'Ủy ban nhân dân xã Vĩnh Quang xin thông báo. '.repeat(400);

describeSpeechEngine('the bundled eSpeak', () =>
  createBundledEspeak({ clock: systemClock, log: silentLogger }),
);

describe("the bundled eSpeak's process", () => {
  const log = memoryLogger();
  const engine = createBundledEspeak({ clock: systemClock, log });
  afterEach(() => engine.stop(AbortSignal.timeout(5_000)));

  it('fails the speech it died on, and is replaced for the next', async () => {
    engine.start();
    await engine.synthesize('Xin chào.');
    const { pid } = engine;
    if (pid === undefined) throw new Error('the engine has no process');
    const speech = engine.synthesize(LONG_TEXT);
    process.kill(pid, 'SIGKILL');
    await expect(speech).rejects.toMatchObject({ code: 'media/speech-failed', retryable: true });
    expect(log.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'the speech process died' }),
    );
    expect((await engine.synthesize('Xin chào.')).samples.length).toBeGreaterThan(5_000);
    expect(engine.pid).not.toBe(pid);
  });

  it('ends in the middle of a speech that is cancelled, and those that wait are spoken by another', async () => {
    engine.start();
    await engine.synthesize('Xin chào.');
    const { pid } = engine;
    const cancel = new AbortController();
    const long = engine.synthesize(LONG_TEXT, { signal: cancel.signal });
    const next = engine.synthesize('Xin chào bà con.');
    long.catch(() => {});
    await new Promise((resolve) => setImmediate(resolve)); // the long one has gone out
    cancel.abort();
    await expect(long).rejects.toMatchObject({ code: 'media/cancelled' });
    expect((await next).samples.length).toBeGreaterThan(5_000);
    expect(engine.pid).not.toBe(pid);
    expect(log.lines.filter(({ message }) => message.includes('died'))).toHaveLength(1); // that of the test before
  });

  it('ends after a minute without work, and comes back for the next speech', async () => {
    const clock = fakeClock();
    const resting = createBundledEspeak({ clock, log });
    await resting.synthesize('Xin chào.');
    await clock.advance(59_000);
    expect(resting.pid).toBeDefined();
    await resting.synthesize('Xin chào.');
    await clock.advance(59_000);
    expect(resting.pid).toBeDefined();
    await clock.advance(1_000);
    expect(resting.pid).toBeUndefined();
    expect((await resting.synthesize('Xin chào.')).samples.length).toBeGreaterThan(5_000);
    await resting.stop(AbortSignal.timeout(5_000));
    expect(clock.sleepers()).toBe(0);
  });

  it('is gone after stop', async () => {
    engine.start();
    await engine.synthesize('Xin chào.');
    await engine.stop(AbortSignal.timeout(5_000));
    expect(engine.pid).toBeUndefined();
  });
});
