import { fakeClock } from '@loa/kernel/testing';
import { describe, expect, it } from 'vitest';
import { createConnectionGate } from './connection-gate.ts';

const ROOMY = { maxClients: 1_000, maxPending: 1_000, connectsPerSecond: 1_000, connectBurst: 1_000 };
const gate = (limits: Partial<typeof ROOMY>, clock = fakeClock()) =>
  createConnectionGate({ clock, limits: { ...ROOMY, ...limits } });

describe('the connection gate', () => {
  it('turns away what exceeds the total until somebody leaves', () => {
    const { enter } = gate({ maxClients: 2 });
    const first = enter();
    enter();
    expect(enter()).toBe('too-many');
    if (typeof first === 'object') first.leave();
    expect(enter()).toBeTypeOf('object');
  });

  it('keeps room for logins when sockets are opened and left idle', () => {
    const { enter, pending } = gate({ maxPending: 2 });
    const first = enter();
    enter();
    expect(enter()).toBe('too-many-pending');
    if (typeof first === 'object') first.admit();
    expect(pending()).toBe(1);
    expect(enter()).toBeTypeOf('object');
  });

  it('counts a connection once, in whatever order it logs in and leaves', () => {
    const { enter, pending } = gate({ maxClients: 1 });
    const visit = enter();
    if (typeof visit === 'object') {
      visit.leave();
      visit.admit();
      visit.leave();
    }
    expect(pending()).toBe(0);
    expect(enter()).toBeTypeOf('object');
    expect(enter()).toBe('too-many');
  });

  it('lets a burst in, then so many a second', async () => {
    const clock = fakeClock();
    const { enter } = gate({ connectBurst: 3, connectsPerSecond: 2 }, clock);
    expect([enter(), enter(), enter()].map((visit) => typeof visit)).toEqual(['object', 'object', 'object']);
    expect(enter()).toBe('too-fast');
    await clock.advance(1_000);
    expect([enter(), enter()].map((visit) => typeof visit)).toEqual(['object', 'object']);
    expect(enter()).toBe('too-fast');
  });
});
