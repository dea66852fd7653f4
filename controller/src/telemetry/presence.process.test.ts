import { openPing } from '@loa/contract';
import { aHealthSample, sha256Of } from '@loa/contract/testing';
import { describe, expect, it } from 'vitest';
import { BOX, CLUSTER, scriptBox, startWire } from '../mqtt/wire-fixture.ts';

async function started(options = {}) {
  const site = await startWire();
  const box = await scriptBox(site, options);
  const presence = () =>
    site.db.selectFrom('device_presence').selectAll().where('device_id', '=', BOX).executeTakeFirst();
  const alarms = async () => (await site.live('alarm')).map(({ code }) => code);
  return { ...site, box, presence, alarms };
}

describe('presence', () => {
  it('follows the greeting, and the will of the very connection that greeted', async () => {
    const { box, presence, until, live } = await started({
      will: { v: 1, state: 'offline', birth: 4, instanceId: 'inst-1' },
    });
    await box.hello({ birth: 4 });
    await until(async () => (await presence())?.online === 1);
    box.client.stream.destroy(); // no farewell: the broker speaks the will
    await until(async () => (await presence())?.online === 0);
    expect(await live('presence')).toEqual([
      { kind: 'presence', clusterId: CLUSTER, online: true },
      { kind: 'presence', clusterId: CLUSTER, online: false },
    ]);
  });

  it('ignores a late will of an earlier birth, or of another instance', async () => {
    const { box, presence } = await started();
    await box.hello({ birth: 5 });
    await box.status('offline', 4);
    await box.status('offline', 5, 'inst-0');
    await box.sync();
    expect(await presence()).toMatchObject({ online: 1, birth: 5 });
    await box.status('offline', 5);
    await box.sync();
    expect(await presence()).toMatchObject({ online: 0 });
  });

  it('takes the lower birth of a box that began anew, known by its new journal', async () => {
    const { box, presence } = await started();
    await box.hello({ birth: 50 });
    await box.hello({ birth: 1, instanceId: 'inst-2', journal: { journalId: 'jrn-new', seq: 0 } });
    await box.sync();
    expect(await presence()).toMatchObject({ birth: 1, instance_id: 'inst-2' });
  });

  it('counts out a box that says nothing more, though no will came', async () => {
    const { box, presence, clock, until } = await started();
    await box.hello();
    await until(async () => (await presence())?.online === 1);
    await clock.advance(120_000);
    expect(await presence()).toMatchObject({ online: 1 });
    await clock.advance(120_000);
    await until(async () => (await presence())?.online === 0);
    await box.health();
    await until(async () => (await presence())?.online === 1);
  });
});

describe('how sure a box is of the time', () => {
  it('is known from its greeting, its newest journal event and its health, not from an old event', async () => {
    const { box, presence, until, nowMs } = await started();
    const clockIs = (state: string) => until(async () => (await presence())?.clock === state);
    const aBoot = (seq: number, clock: 'holdover' | 'trusted' | 'untrusted') =>
      ({ seq, atMs: nowMs(), clock, bootId: 'b', kind: 'boot', agentVersion: '1', cause: '' }) as const;
    await box.hello({ clock: { state: 'untrusted', nowMs: nowMs(), uncertaintyMs: 1e6 } });
    await clockIs('untrusted');
    await box.journal([aBoot(1, 'untrusted'), aBoot(2, 'holdover')]);
    await clockIs('holdover');
    await box.health({ clock: 'trusted' });
    await clockIs('trusted');
    await box.journal([aBoot(1, 'untrusted')]);
    await box.sync();
    expect((await presence())?.clock).toBe('trusted');
  });
});

describe('two machines under one identity', () => {
  const greet = (box: Awaited<ReturnType<typeof scriptBox>>, instanceId: string) => box.hello({ instanceId });

  it('are noticed when they alternate, and somebody is told once', async () => {
    const { box, alarms, presence } = await started();
    for (const instance of ['a', 'b', 'a', 'b', 'a', 'b', 'a']) await greet(box, instance);
    await box.sync();
    expect(await alarms()).toEqual(['device/clones']);
    expect((await presence())?.alarm).toBe('device/clones');
  });

  it('are not suspected of a box that restarts again and again, nor of one late message', async () => {
    const { box, alarms } = await started();
    for (const instance of ['a', 'b', 'a', 'c', 'd', 'd', 'e']) await greet(box, instance);
    await box.sync();
    expect(await alarms()).toEqual([]);
  });
});

describe('a ping', () => {
  it('reaches a box that is online every minute, and its echo is recorded with the sample', async () => {
    const { box, wire, until, presence } = await started();
    await box.hello();
    await until(async () => (await presence())?.online === 1);
    const ping = await until(() => box.got.find(({ payload }) => payload[0] === 1), 2000);
    expect(ping.payload.length).toBe(21);
    const nonce = openPing(Buffer.alloc(32, 7), BOX, ping.payload);
    if (!nonce) throw new Error('the ping is not authentic');
    await box.health({ pingEcho: nonce, cpuTemperatureC: 71 });
    const kept = await until(() => wire.telemetry.latest(BOX));
    expect(kept).toMatchObject({ sample: { cpuTemperatureC: 71 }, echoAfterMs: expect.any(Number) });
  });

  it('that was never sent has no echo', async () => {
    const { box, wire, until } = await started();
    await box.health({ pingEcho: Buffer.alloc(8, 9) });
    expect((await until(() => wire.telemetry.latest(BOX))).echoAfterMs).toBeNull();
    expect(aHealthSample().pingEcho).toEqual(new Uint8Array(8));
  });

  it('and its samples are forgotten after a week', async () => {
    const { box, wire, until, clock } = await started();
    await box.health();
    await until(() => wire.telemetry.latest(BOX));
    clock.step(6 * 86_400_000);
    expect(wire.telemetry.prune()).toBe(0);
    clock.step(2 * 86_400_000);
    expect(wire.telemetry.prune()).toBe(1);
  });
});

describe('P10: a box as a witness', () => {
  it('raises an alarm when it has seen audit rows that are not here', async () => {
    const { box, alarms, until } = await started();
    await box.hello({ auditHead: { seq: 40, hash: sha256Of('a row that was cut off') } });
    await until(async () => (await alarms()).length);
    expect(await alarms()).toEqual(['audit/contradicted']);
  });
});
