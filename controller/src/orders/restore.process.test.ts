import { createSigner, type SignedMessage, SUITES } from '@loa/contract';
import { aPolicy, sha256Of, TEST_KEYS } from '@loa/contract/testing';
import { describe, expect, it } from 'vitest';
import type { Actor } from '../http/access.ts';
import { ADMIN, aPlannable, BOX, scriptBox, startWire } from '../mqtt/wire-fixture.ts';

/** A controller whose database was put back: it signed revision 9 of the policy and does not remember. */
async function restored({ signer = undefined as Awaited<ReturnType<typeof createSigner>> | undefined } = {}) {
  const site = await startWire({ series: [aPlannable()] });
  const box = await scriptBox(site);
  await box.next('plan');
  const forgotten = await (signer ?? site.keys.orderSigner).sign({
    kind: 'policy',
    v: 1,
    suite: SUITES[0],
    device: BOX,
    id: 'ord_forgotten',
    issuedAtMs: site.nowMs(),
    epoch: 1,
    rev: 9,
    body: aPolicy(),
  });
  const states = { policy: { epoch: 1, rev: 9, digest: sha256Of(forgotten) } };
  await box.hello({ states });
  const { message: welcome } = await box.next('welcome');
  const sendOriginal = async () => {
    await box.journal([
      {
        seq: 1,
        atMs: site.nowMs(),
        clock: 'trusted',
        bootId: 'b',
        kind: 'original',
        state: 'policy',
        epoch: 1,
        rev: 9,
        sha256: sha256Of(forgotten),
        jws: forgotten,
      },
    ]);
    await box.next('ack');
    await box.sync();
  };
  const newest = async (kind: 'policy' | 'plan') =>
    (await box.all(kind)).map(({ message }: { message: SignedMessage }) => message).at(-1);
  return { ...site, box, welcome, states, sendOriginal, newest };
}

describe('a controller restored from a backup', () => {
  it('asks for the original of what it does not know, and lets the box keep it', async () => {
    const { welcome, db } = await restored();
    expect(welcome.body.wants).toEqual(['policy']);
    expect(welcome.body.states.policy).toEqual({ epoch: 1, rev: 9 });
    const row = await db
      .selectFrom('device_states')
      .selectAll()
      .where('kind', '=', 'policy')
      .executeTakeFirstOrThrow();
    expect(row.next_send_ms).toBeNull();
  });

  it('knows its own signature, raises its epoch above it, and pushes nothing before a person has looked', async () => {
    const { sendOriginal, keys, wire, live, box, clock, db } = await restored();
    await sendOriginal();
    expect(keys.epoch).toBe(2);
    expect(await wire.restore.status()).toMatchObject({
      epoch: 2,
      seen: [{ deviceId: BOX, kind: 'policy', rev: 9 }],
    });
    expect((await live('alarm')).map(({ code }) => code)).toContain('controller/restored');
    await box.sync();
    const count = () =>
      box.messages.filter(({ message }) => 'rev' in message && message.kind !== 'hold').length;
    const before = count();
    for (let minute = 0; minute < 60; minute++) await clock.advance(60_000);
    await box.sync();
    expect(count()).toBe(before);
    const audit = await db.selectFrom('audit').selectAll().executeTakeFirstOrThrow();
    expect(audit.action).toBe('controller.restored');
  });

  it('P9: still brings a hold that somebody places, for silence waits for no review', async () => {
    const { sendOriginal, wire, box, until } = await restored();
    await sendOriginal();
    const actor: Actor = { userId: 'p', name: 'Bình', grants: [{ role: 'approver', areaId: 'are_1' }] };
    const targets = { areas: ['are_1'] };
    await wire.holds.place(actor, { targets, includesEmergency: false, untilMs: null, reason: 'x' }, 'req_1');
    const newest = await until(async () =>
      (await box.all('hold')).find(({ message }) => message.epoch === 2),
    );
    expect(newest.message).toMatchObject({ rev: 1, body: { holds: [{ reason: 'x' }] } });
  });

  it('does not ask twice for an original that waits for review', async () => {
    const { sendOriginal, box, states } = await restored();
    await sendOriginal();
    await box.hello({ states });
    expect((await box.next('welcome', 2)).message.body.wants).toEqual([]);
  });

  it('sends every state under the new epoch once a person has reviewed it', async () => {
    const { sendOriginal, wire, newest, until } = await restored();
    await sendOriginal();
    expect(await wire.restore.reviewed(ADMIN, 'req_1')).toBe(true);
    expect(await wire.restore.reviewed(ADMIN, 'req_1')).toBe(false);
    wire.planner.replan('all');
    await until(async () => (await newest('policy')) as { epoch?: number } | undefined);
    await until(async () => ((await newest('plan')) as { epoch: number }).epoch === 2);
    expect(await newest('policy')).toMatchObject({ epoch: 2, rev: 1 });
  });

  it('knows an original below what it signed since for an old one, also when it no longer keeps its text', async () => {
    const { sendOriginal, db, keys, wire, live } = await restored();
    await db.updateTable('device_states').set({ rev: 10 }).where('kind', '=', 'policy').execute();
    await sendOriginal();
    expect(await wire.restore.status()).toBeUndefined();
    expect(keys.epoch).toBe(1);
    expect(await live('alarm')).toEqual([]);
  });

  it('knows itself restored by another text under a revision that it signed too', async () => {
    const { sendOriginal, db, wire } = await restored();
    await db.updateTable('device_states').set({ rev: 9 }).where('kind', '=', 'policy').execute();
    await sendOriginal();
    expect(await wire.restore.status()).toMatchObject({ seen: [{ kind: 'policy', rev: 9 }] });
  });

  it('takes what another key signed for what it is: a foreign state', async () => {
    const { sendOriginal, keys, wire, live } = await restored({
      signer: await createSigner(TEST_KEYS.stranger),
    });
    await sendOriginal();
    expect(keys.epoch).toBe(1);
    expect(await wire.restore.status()).toBeUndefined();
    expect((await live('alarm')).map(({ code }) => code)).toEqual(['device/foreign-state']);
  });
});
