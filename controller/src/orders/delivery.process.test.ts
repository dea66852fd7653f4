import {
  digestOfStates,
  LIMITS,
  occurrenceId,
  openMessage,
  type PlayBody,
  type StateOrder,
  sha256 as sha256Id,
} from '@loa/contract';
import { aSound, sha256Of } from '@loa/contract/testing';
import { describe, expect, it } from 'vitest';
import { recordAudit } from '../audit/audit.service.ts';
import { aPlannable, BOX, CLUSTER, scriptBox, startWire } from '../mqtt/wire-fixture.ts';
import { revisionsOf } from './state.store.ts';

const heldAs = ({ epoch, rev }: StateOrder, jws: string) => ({
  epoch,
  rev,
  digest: sha256Id.parse(sha256Of(jws)),
});

async function started(series = [aPlannable()]) {
  const site = await startWire({ series });
  const box = await scriptBox(site);
  await site.until(() =>
    site.db.selectFrom('device_states').selectAll().where('kind', '=', 'plan').executeTakeFirst(),
  );
  const stateOf = (kind: string) =>
    site.db.selectFrom('device_states').selectAll().where('kind', '=', kind).executeTakeFirstOrThrow();
  const alarms = async () => (await site.live('alarm')).map(({ code }) => code);
  return { ...site, box, stateOf, alarms };
}

const anEmergency = (nowMs: number): PlayBody => ({
  occurrenceId: occurrenceId.parse(`${CLUSTER}~emergency-1~${nowMs}`),
  title: 'Cảnh báo lũ',
  rules: {
    class: 'emergency',
    rank: 90,
    start: { kind: 'hard' },
    end: { kind: 'finish' },
    preempted: 'drop',
    late: { kind: 'never' },
  },
  sounds: [aSound('siren')],
  parts: [{ kind: 'sound', sound: 0 }],
  repeat: { times: 3, gapMs: 5000 },
  gainDb: 0,
  startAtMs: null,
  stopByMs: nowMs + 600_000,
  drill: false,
  authority: { kind: 'two-persons', by: 'Nguyễn Thị Hoa', confirmedBy: 'Trần Văn Bình' },
});

describe('a greeting', () => {
  it('is answered with a signed welcome, and the box gets every state that it lacks', async () => {
    const { box } = await started();
    const nonce = await box.hello();
    const { message: welcome } = await box.next('welcome');
    expect(welcome.body).toMatchObject({ nonce, wants: [], journal: null });
    const { message: plan } = await box.next('plan');
    if (plan.body.kind !== 'inline') throw new Error('the plan is not inline');
    expect(plan.body.content.clusterId).toBe(CLUSTER);
    expect(plan.body.content.occurrences).toHaveLength(31);
    expect(plan.body.content.occurrences[0]?.id).toBe(`${CLUSTER}~ser_1~1767574800000`);
    for (const kind of ['keys', 'hold', 'policy', 'config'] as const) await box.next(kind);
  });

  it('that names everything as held leaves nothing to send', async () => {
    const { box, db, clock } = await started();
    const states: Record<string, ReturnType<typeof heldAs>> = {};
    for (const kind of ['plan', 'hold', 'policy', 'config', 'keys'] as const) {
      const { message, jws } = await box.next(kind);
      states[kind] = heldAs(message, jws);
    }
    await box.hello({ states });
    const { message: welcome } = await box.next('welcome');
    expect(welcome.body.states.plan).toEqual({ epoch: 1, rev: 1 });
    const due = await db
      .selectFrom('device_states')
      .select('kind')
      .where('next_send_ms', 'is not', null)
      .execute();
    expect(due).toEqual([]);
    await box.sync();
    const count = async () => (await box.all('plan')).length + (await box.all('hold')).length;
    const before = await count();
    for (let minute = 0; minute < 60; minute++) await clock.advance(60_000);
    await box.sync();
    expect(await count()).toBe(before);
  });

  it('answers a question for the time with its nonce', async () => {
    const { box, nowMs } = await started();
    const nonce = 'CCCCCCCCCCCCCCCCCCCCCA';
    const before = nowMs();
    await box.publish('time/req', JSON.stringify({ v: 1, nonce }));
    const { message } = await box.next('time');
    expect(message.body.nonce).toBe(nonce);
    expect(message.body.timeMs).toBeGreaterThanOrEqual(before);
  });
});

describe('P5: a state', () => {
  it('is sent again until the box says that it holds it', async () => {
    const { box, stateOf, clock, until } = await started();
    const { message } = await box.next('plan');
    const again = await box.next('plan', 2);
    expect(again.jws).toBe((await box.all('plan'))[0]?.jws);
    await box.receipt(message);
    await until(async () => (await stateOf('plan')).next_send_ms === null);
    expect(await stateOf('plan')).toMatchObject({ held_epoch: 1, held_rev: 1, refused_code: null });
    await box.sync();
    const sent = (await box.all('plan')).length;
    for (let minute = 0; minute < 60; minute++) await clock.advance(60_000);
    await box.sync();
    expect(await box.all('plan')).toHaveLength(sent);
  });

  it('that was refused is not sent again, and somebody is told', async () => {
    const { box, stateOf, alarms, until, clock } = await started();
    const { message } = await box.next('plan');
    await box.receipt(message, { verdict: 'refused', code: 'order/not-stored' });
    await until(async () => (await alarms()).length);
    expect(await alarms()).toEqual(['order/not-stored']);
    expect(await stateOf('plan')).toMatchObject({ refused_code: 'order/not-stored', next_send_ms: null });
    await box.sync();
    const sent = (await box.all('plan')).length;
    for (let minute = 0; minute < 60; minute++) await clock.advance(60_000);
    await box.sync();
    expect(await box.all('plan')).toHaveLength(sent);
  });

  it('is sent again when the health of the box shows that it does not hold it after all', async () => {
    const { box, stateOf, until } = await started();
    for (const kind of ['plan', 'hold', 'policy', 'config', 'keys'] as const)
      await box.receipt((await box.next(kind)).message);
    await until(async () => (await stateOf('plan')).next_send_ms === null);
    await until(async () => (await stateOf('keys')).next_send_ms === null);
    const sent = (await box.all('plan')).length;
    await box.health({ statesDigest: 1, planRev: 0 });
    await box.next('plan', sent + 1);
  });

  it('counts as held when the digest in the health of the box proves it', async () => {
    const { box, stateOf, until, db } = await started();
    await box.next('plan');
    const rows = await db.selectFrom('device_states').selectAll().execute();
    await box.health({ statesDigest: digestOfStates(revisionsOf(rows)), planRev: 1 });
    await until(async () => (await stateOf('policy')).held_rev === 1);
    expect((await stateOf('plan')).held_rev).toBe(1);
  });

  it('is not sent anew when only the audit trail has moved on', async () => {
    const { box, wire, db, clock, until, stateOf } = await started();
    await box.next('plan');
    await recordAudit(db, clock, { actor: 'p', action: 'a.b', subject: 's', origin: 't' });
    wire.planner.replan('all');
    const settled = wire.planner.settle().then(() => true);
    await until(() => settled);
    expect((await stateOf('plan')).rev).toBe(1);
  });
});

describe('an act', () => {
  it('reaches the box signed, by the word of two persons, and is sent until it is answered', async () => {
    const { box, wire, nowMs, db, until } = await started();
    const id = await wire.orders.issueAct(BOX, 'play', anEmergency(nowMs()), { expMs: nowMs() + 600_000 });
    const { message } = await box.next('play', 2);
    expect(message).toMatchObject({ id, body: { authority: { kind: 'two-persons' } } });
    await box.receipt({ id, kind: 'play' });
    const act = await until(() =>
      db.selectFrom('acts').selectAll().where('verdict', 'is not', null).executeTakeFirst(),
    );
    expect(act).toMatchObject({ id, urgent: 1, verdict: 'accepted', next_send_ms: null });
  });

  it('is not sent after it has expired', async () => {
    const { box, wire, nowMs, clock } = await started();
    await wire.orders.issueAct(
      BOX,
      'self-test',
      { stages: ['sink'], gainDb: -46 },
      { expMs: nowMs() + 5_000 },
    );
    await box.next('self-test');
    await clock.advance(6_000);
    await box.sync();
    const sent = (await box.all('self-test')).length;
    for (let minute = 0; minute < 20; minute++) await clock.advance(60_000);
    await box.sync();
    expect(await box.all('self-test')).toHaveLength(sent);
  });

  it('that the box has already, by the word of the box, is an accepted one', async () => {
    const { box, wire, nowMs, until, db, alarms } = await started();
    const id = await wire.orders.issueAct(
      BOX,
      'self-test',
      { stages: ['sink'], gainDb: -46 },
      { expMs: nowMs() + 600_000 },
    );
    await box.next('self-test');
    await box.receipt({ id, kind: 'self-test' }, { verdict: 'refused', code: 'order/replayed' });
    await until(() => db.selectFrom('acts').selectAll().where('verdict', '=', 'accepted').executeTakeFirst());
    expect(await alarms()).toEqual([]);
  });

  it('may not live longer than 15 minutes', async () => {
    const { wire, nowMs } = await started();
    await expect(
      wire.orders.issueAct(BOX, 'self-test', { stages: ['sink'], gainDb: -46 }, { expMs: nowMs() + 901_000 }),
    ).rejects.toMatchObject({ code: 'order/not-valid' });
  });
});

describe('a plan too large for one message', () => {
  it('is announced by its hash, and the original is kept for the box to fetch', async () => {
    const many = Array.from({ length: 300 }, (_, index) =>
      aPlannable({
        id: `ser_${index}`,
        rootId: `ser_${index}`,
        localTime: `08:${String(index % 60).padStart(2, '0')}:${String(Math.floor(index / 60)).padStart(2, '0')}`,
        manifestSha: sha256Of(`manifest ${index}`),
        variants: [
          {
            language: 'vi',
            parts: [{ kind: 'sound', sound: 0 }],
            sounds: [aSound(`speech ${index}`)],
            durationMs: 1000,
          },
        ],
      }),
    );
    const { box, db } = await started(many);
    const { message } = await box.next('plan');
    if (message.body.kind !== 'by-hash') throw new Error('the plan travelled inline');
    const kept = await db
      .selectFrom('signed_orders')
      .selectAll()
      .where('sha256', '=', message.body.sha256)
      .executeTakeFirstOrThrow();
    expect(kept.jws).toHaveLength(message.body.bytes);
    expect(sha256Of(kept.jws)).toBe(message.body.sha256);
    const judged = await openMessage(kept.jws, box.trust, { maxBytes: LIMITS.fetchedOrder });
    expect(judged.ok && judged.message).toMatchObject({
      kind: 'plan',
      rev: message.rev,
      body: { kind: 'inline' },
    });
  });
});
