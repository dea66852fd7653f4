import { describe, expect, it } from 'vitest';
import { createGate } from './gate.ts';

const never = new AbortController().signal;

describe('a gate', () => {
  it('lets so many in at once, and the others in order as room is made', async () => {
    const gate = createGate(2);
    const began: number[] = [];
    const doors = [1, 2, 3, 4].map((n) => {
      const door = Promise.withResolvers<void>();
      const passed = gate.pass(async () => {
        began.push(n);
        await door.promise;
        return n;
      }, never);
      return { open: door.resolve, passed };
    });
    expect(began).toEqual([1, 2]);
    doors[1]?.open();
    expect(await doors[1]?.passed).toBe(2);
    await expect.poll(() => began).toEqual([1, 2, 3]);
    for (const { open } of doors) open();
    expect(await Promise.all(doors.map(({ passed }) => passed))).toEqual([1, 2, 3, 4]);
  });

  it('makes room also when a task fails', async () => {
    const gate = createGate(1);
    await expect(gate.pass(() => Promise.reject(new Error('failed')), never)).rejects.toThrow('failed');
    expect(await gate.pass(async () => 'in', never)).toBe('in');
  });

  it('turns away one that is cancelled while it waits, and loses nobody behind it', async () => {
    const gate = createGate(1);
    const door = Promise.withResolvers<void>();
    const first = gate.pass(() => door.promise, never);
    const cancel = new AbortController();
    const second = gate.pass(async () => 'second', cancel.signal);
    const third = gate.pass(async () => 'third', never);
    cancel.abort();
    await expect(second).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    door.resolve();
    await first;
    expect(await third).toBe('third');
  });
});
