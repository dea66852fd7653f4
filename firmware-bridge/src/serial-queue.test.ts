import { describe, expect, it } from 'vitest';
import { createSerialQueue } from './serial-queue.ts';

describe('a serial queue', () => {
  it('begins a task when the one before has ended', async () => {
    const queue = createSerialQueue();
    const log: string[] = [];
    const first = Promise.withResolvers<void>();
    const running = queue.run(async () => {
      log.push('first begins');
      await first.promise;
      log.push('first ends');
    });
    const next = queue.run(async () => log.push('second'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(log).toEqual(['first begins']);
    first.resolve();
    await Promise.all([running, next]);
    expect(log).toEqual(['first begins', 'first ends', 'second']);
  });

  it('goes on after a task that fails', async () => {
    const queue = createSerialQueue();
    const failing = queue.run(async () => {
      throw new Error('no reply');
    });
    await expect(failing).rejects.toThrow('no reply');
    await expect(queue.run(async () => 7)).resolves.toBe(7);
  });

  it('drops a waiting task whose signal aborts', async () => {
    const queue = createSerialQueue();
    const first = Promise.withResolvers<void>();
    const cancel = new AbortController();
    let isRun = false;
    const running = queue.run(() => first.promise);
    const waiting = queue.run(async () => {
      isRun = true;
    }, cancel.signal);
    cancel.abort(new Error('cancelled'));
    await expect(waiting).rejects.toThrow('cancelled');
    first.resolve();
    await running;
    await queue.run(async () => {});
    expect(isRun).toBe(false);
  });

  it('does not wait for a running task whose signal aborts, but the next task does', async () => {
    const queue = createSerialQueue();
    const first = Promise.withResolvers<void>();
    const cancel = new AbortController();
    const running = queue.run(() => first.promise, cancel.signal);
    await new Promise((resolve) => setImmediate(resolve));
    cancel.abort(new Error('cancelled'));
    await expect(running).rejects.toThrow('cancelled');
    let isNextBegun = false;
    const next = queue.run(async () => {
      isNextBegun = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isNextBegun).toBe(false);
    first.resolve();
    await next;
  });
});
