import { describe, expect, it } from 'vitest';
import { aPlannable, scriptBox, startWire } from './wire-fixture.ts';

describe('the controller’s connection', () => {
  it('is made anew when the broker dies, with its subscriptions, and what was due is sent', async () => {
    const site = await startWire({ series: [aPlannable()] });
    const before = await scriptBox(site);
    await before.next('plan');
    const { pid } = await site.broker.stats();
    process.kill(pid, 'SIGKILL');
    await site.until(() => !site.wire.link.isOnline());
    await site.until(async () => (await site.broker.stats().catch(() => undefined))?.restarts === 1);
    await site.until(() => site.wire.link.isOnline());
    const after = await scriptBox(site);
    await after.hello();
    await after.next('welcome');
    await after.next('plan');
  });

  it('ends with its part, and may be started and stopped twice', async () => {
    const { wire } = await startWire();
    const link = wire.parts.find(({ name }) => name === 'box link');
    await link?.start();
    await link?.stop(new AbortController().signal);
    await link?.stop(new AbortController().signal);
    expect(wire.link.isOnline()).toBe(false);
  });

  it('counts what comes from nobody we know, and goes on', async () => {
    const { wire, broker, keys, clock, until, metrics, db } = await startWire();
    await db.updateTable('devices').set({ state: 'replaced' }).execute();
    const stranger = await scriptBox({ broker, keys, clock, until });
    await stranger.hello();
    await until(async () => (await metrics.text()).includes('{why="unknown-device"} 1'));
    expect(wire.link.isOnline()).toBe(true);
  });
});
