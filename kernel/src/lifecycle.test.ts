import { beforeEach, describe, expect, it } from 'vitest';
import { fakeClock } from './fake-clock.ts';
import { createLifecycle, type Part } from './lifecycle.ts';
import { memoryLogger } from './memory-logger.ts';

describe('a lifecycle', () => {
  let clock: ReturnType<typeof fakeClock>;
  let log: ReturnType<typeof memoryLogger>;
  let events: string[];
  const part = (name: string, over: Partial<Part> = {}): Part => ({
    name,
    start: () => void events.push(`start ${name}`),
    stop: () => void events.push(`stop ${name}`),
    ...over,
  });
  const hangs = (name: string) => part(name, { stop: () => new Promise<void>(() => {}) });
  const life = (...parts: Part[]) => createLifecycle(parts, { clock, log });

  beforeEach(() => {
    clock = fakeClock();
    log = memoryLogger();
    events = [];
  });

  it('starts parts in order and stops them in reverse', async () => {
    const app = life(part('a'), part('b'), part('c'));
    await app.start();
    expect(await app.stop()).toEqual([]);
    expect(events).toEqual(['start a', 'start b', 'start c', 'stop c', 'stop b', 'stop a']);
    expect(clock.sleepers()).toBe(0);
  });

  it('waits for each start and each stop before the next', async () => {
    const slow = part('slow', {
      start: async () => {
        await clock.sleep(100);
        events.push('start slow');
      },
      stop: async () => {
        await clock.sleep(100);
        events.push('stop slow');
      },
    });
    const app = life(part('a'), slow, part('c'));
    const started = app.start();
    await clock.advance(100);
    await started;
    const stopped = app.stop();
    await clock.advance(100);
    await stopped;
    expect(events).toEqual(['start a', 'start slow', 'start c', 'stop c', 'stop slow', 'stop a']);
  });

  it('may be started twice and stopped twice, also at once, and started again', async () => {
    const app = life(part('a'));
    await Promise.all([app.start(), app.start()]);
    await app.start();
    await Promise.all([app.stop(), app.stop()]);
    await app.stop();
    expect(events).toEqual(['start a', 'stop a']);
    await app.start();
    expect(events).toEqual(['start a', 'stop a', 'start a']);
  });

  it('stops nothing that was not started', async () => {
    expect(await life(part('a')).stop()).toEqual([]);
    expect(events).toEqual([]);
  });

  it('gives a second stop the answer of the first', async () => {
    const app = life(hangs('modbus'));
    await app.start();
    const [first, second] = [app.stop(), app.stop()];
    await clock.advance(5_000);
    expect(await Promise.all([first, second])).toEqual([['modbus'], ['modbus']]);
  });

  it('stops what has started when a part fails to start, and throws the error of that part', async () => {
    const failure = new Error('port 8080 is taken');
    const broken = part('b', {
      start: () => {
        throw failure;
      },
    });
    const app = life(part('a'), broken, part('c'));
    await expect(app.start()).rejects.toBe(failure);
    expect(events).toEqual(['start a', 'stop a']);
    expect(await app.stop()).toEqual([]);
  });

  it('stopped while it starts begins no further part, and stops those begun', async () => {
    const slow = part('slow', {
      start: async () => {
        await clock.sleep(100);
        events.push('start slow');
      },
    });
    const app = life(part('a'), slow, part('c'));
    const cut = expect(app.start()).rejects.toMatchObject({ code: 'kernel/start-cut-short' });
    await clock.advance(50);
    const stopped = app.stop();
    await clock.advance(50);
    await cut;
    expect(await stopped).toEqual([]);
    expect(events).toEqual(['start a', 'start slow', 'stop slow', 'stop a']);
  });

  it('stopped while its last part starts has not started', async () => {
    const app = life(part('slow', { start: () => clock.sleep(100) }));
    const cut = expect(app.start()).rejects.toMatchObject({ code: 'kernel/start-cut-short' });
    const stopped = app.stop();
    await clock.advance(100);
    await cut;
    expect(await stopped).toEqual([]);
    expect(events).toEqual(['stop slow']);
  });

  it('logs a part that fails while stopping, and stops the others', async () => {
    const failure = new Error('disk full');
    const broken = part('b', { stop: () => Promise.reject(failure) });
    const app = life(part('a'), broken);
    await app.start();
    expect(await app.stop()).toEqual([]);
    expect(events.at(-1)).toBe('stop a');
    expect(log.lines).toEqual([
      { level: 'warn', fields: { part: 'b', err: failure }, message: 'a part failed while stopping' },
    ]);
  });

  describe('that does not stop within 5 s', () => {
    it('names the part that hangs, and still stops those before it', async () => {
      const app = life(part('a'), hangs('modbus'), part('c'));
      await app.start();
      const stopped = app.stop();
      await clock.advance(5_000);
      expect(await stopped).toEqual(['modbus']);
      expect(events.slice(3)).toEqual(['stop c', 'stop a']);
    });

    it('tells every part by one signal, so that it may give up politely', async () => {
      let seen: AbortSignal | undefined;
      const polite = part('polite', {
        stop: (signal) => {
          seen = signal;
          return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
        },
      });
      const app = life(polite);
      await app.start();
      const stopped = app.stop();
      await clock.advance(4_999);
      expect(seen?.aborted).toBe(false);
      await clock.advance(1);
      expect(seen?.reason).toMatchObject({ code: 'kernel/stop-deadline' });
      expect(await stopped).toEqual([]);
    });

    it('names a part whose start hangs', async () => {
      const app = life(part('a'), part('modem', { start: () => new Promise<void>(() => {}) }));
      void app.start();
      await clock.advance(50);
      const stopped = app.stop();
      await clock.advance(5_000);
      expect(await stopped).toEqual(['modem']);
      expect(events).toEqual(['start a', 'stop a']);
    });
  });
});
