import { aSound } from '@loa/contract/testing';
import { describe, expect, it } from 'vitest';
import { ADMIN, aPlannable, BOX, CLUSTER, scriptBox, startWire } from '../mqtt/wire-fixture.ts';

async function started(series = [aPlannable()]) {
  const site = await startWire({ series });
  const box = await scriptBox(site);
  const plans = async () =>
    (await box.all('plan')).map(({ message }) => {
      if (message.body.kind !== 'inline') throw new Error('not inline');
      return { rev: message.rev, ...message.body.content };
    });
  await box.next('plan');
  const replanned = async () => {
    site.wire.planner.replan([CLUSTER]);
    const settled = site.wire.planner.settle().then(() => true);
    await site.until(() => settled);
    await box.sync();
    return (await plans()).at(-1);
  };
  const rows = () => site.db.selectFrom('occurrences').selectAll().orderBy('starts_at_ms').execute();
  return { ...site, box, plans, replanned, rows };
}

describe('a plan', () => {
  it('holds the coming 30 days, each start with the approved sounds', async () => {
    const { plans, rows } = await started();
    const [plan] = await plans();
    expect(plan).toMatchObject({
      clusterId: CLUSTER,
      clusterName: 'Thôn 1',
      auditHead: { seq: 0 },
      sounds: [aSound('speech')],
      items: [{ seriesId: 'ser_1', language: 'vi', parts: [{ kind: 'sound', sound: 0, language: 'vi' }] }],
    });
    expect(plan?.occurrences).toHaveLength(31);
    expect(plan?.occurrences[0]).toMatchObject({ item: 0, plannedMs: 15_000 });
    expect(await rows()).toHaveLength(31);
  });

  it('names a sound once, however many series use it', async () => {
    const { plans } = await started([
      aPlannable(),
      aPlannable({ id: 'ser_2', rootId: 'ser_2', localTime: '09:00:00' }),
    ]);
    const [plan] = await plans();
    expect(plan?.sounds).toHaveLength(1);
    expect(plan?.items).toHaveLength(2);
  });

  it('that says the same is not sent again', async () => {
    const { replanned, plans } = await started();
    const sent = (await plans()).length;
    await replanned();
    await replanned();
    expect((await plans()).filter(({ rev }) => rev > 1)).toEqual([]);
    expect(sent).toBeGreaterThan(0);
  });

  it('P4: keeps the names of its starts when the hour of a series changes', async () => {
    const { plans, planned, replanned } = await started();
    const [before] = await plans();
    planned.series = [aPlannable({ localTime: '10:30:00' })];
    const after = await replanned();
    expect(after?.rev).toBe(2);
    expect(after?.occurrences.map(({ id }) => id)).toEqual(before?.occurrences.map(({ id }) => id));
    expect(after?.occurrences[0]?.startsAtMs).toBe(
      (before?.occurrences[0]?.startsAtMs ?? 0) + 2.5 * 3_600_000,
    );
  });

  it('P4: keeps what has begun, and withdraws only what has not', async () => {
    const { planned, replanned, clock, rows } = await started();
    await clock.advance(3_600_000 + 5_000); // 08:00:05, the first one sounds
    planned.series = [];
    await replanned();
    const states = (await rows()).map(({ state }) => state);
    expect(states[0]).toBe('planned');
    expect(new Set(states.slice(1))).toEqual(new Set(['withdrawn']));
  });

  it('P4: counts no start as begun that was withdrawn when its hour came', async () => {
    const { planned, replanned, clock, rows } = await started();
    planned.series = [];
    await replanned();
    await clock.advance(3_600_000 + 5_000);
    planned.series = [aPlannable()];
    const plan = await replanned();
    const [first, second] = await rows();
    expect([first?.state, second?.state]).toEqual(['withdrawn', 'planned']);
    expect(plan?.occurrences[0]?.id).toBe(second?.id);
  });

  it('reaches a day further when a new day begins', async () => {
    const { plans, wire, clock, until, box } = await started();
    const [before] = await plans();
    clock.step(86_400_000);
    const extended = wire.planner.extendHorizon().then(() => true);
    await until(() => extended);
    await box.sync();
    const after = (await plans()).at(-1);
    expect(after?.rev).toBe(2);
    expect(after?.untilMs).toBe((before?.untilMs ?? 0) + 86_400_000);
    expect(after?.occurrences).toHaveLength(32); // yesterday's stays while its late window may last
  });

  it('obeys the commune’s hours, and follows when it changes them', async () => {
    const { wire, plans, box, until, db } = await started();
    expect((await wire.policies.current(db)).isDefault).toBe(true);
    const { policy } = await wire.policies.current(db);
    const hours = { days: [1, 2, 3, 4, 5, 6, 7], from: '16:00', to: '18:00' };
    await wire.policies.change(ADMIN, { ...policy, windows: [hours] }, 'req_1');
    await until(async () => (await plans()).at(-1)?.rev === 2);
    expect((await plans()).at(-1)?.occurrences).toEqual([]);
    const { message } = await box.next('policy', 2);
    expect(message.body.windows).toEqual([hours]);
    expect((await wire.policies.current(db)).isDefault).toBe(false);
  });

  it('speaks the languages that the cluster asks for, in its order, with a pause between them', async () => {
    const { planned, db, replanned } = await started();
    await db.updateTable('clusters').set({ languages: '["bdq","vi"]' }).execute();
    const variant = (language: string) => ({
      language,
      parts: [{ kind: 'sound' as const, sound: 0 }],
      sounds: [aSound(`speech ${language}`)],
      durationMs: 10_000,
    });
    planned.series = [aPlannable({ variants: [variant('vi'), variant('bdq'), variant('en')] })];
    const plan = await replanned();
    expect(plan?.items[0]).toMatchObject({
      language: 'bdq',
      parts: [
        { kind: 'sound', sound: 0, language: 'bdq' },
        { kind: 'pause', ms: 800 },
        { kind: 'sound', sound: 1, language: 'vi' },
      ],
    });
    expect(plan?.occurrences[0]?.plannedMs).toBe(20_800);
  });

  it('leaves out what speaks none of the cluster’s languages, and says so', async () => {
    const { db, replanned, log } = await started();
    await db.updateTable('clusters').set({ languages: '["bdq"]' }).execute();
    expect((await replanned())?.occurrences).toEqual([]);
    expect(log.lines.at(-1)?.message).toBe('a series speaks none of the languages of a cluster');
  });

  it('that cannot be made now leaves the box with the plan it has, and is tried again', async () => {
    const { planned, replanned, log, plans, until } = await started();
    planned.series = [aPlannable({ manifestSha: 'not a hash' })];
    await replanned();
    expect((await plans()).at(-1)?.rev).toBe(1);
    expect(log.lines.some(({ message }) => message.startsWith('a cluster could not be planned'))).toBe(true);
    planned.series = [aPlannable({ localTime: '10:00:00' })];
    await until(async () => (await plans()).at(-1)?.rev === 2, 1000);
  });
});

describe('a state that cannot be signed', () => {
  it('keeps no other state of its box from going out, is named in the log and tried again', async () => {
    const { db, planned, replanned, log, box, until } = await started();
    await db.updateTable('clusters').set({ warm_up_ms: -1 }).execute();
    planned.series = [aPlannable({ localTime: '10:30:00' })];
    expect((await replanned())?.rev).toBe(2);
    const fault = log.lines.find(({ message }) => message.startsWith('a state could not be set'));
    expect(fault?.fields).toMatchObject({ clusterId: CLUSTER, kind: 'config' });
    await db.updateTable('clusters').set({ warm_up_ms: 300 }).execute();
    await until(async () => (await box.all('config')).some(({ message }) => message.rev === 2), 1000);
  });
});

describe('a box that was revoked', () => {
  it('is sent nothing more and not listened to', async () => {
    const { db, box, wire, metrics, until, clock } = await started();
    await db.updateTable('devices').set({ state: 'revoked' }).where('id', '=', BOX).execute();
    const before = box.got.length;
    wire.planner.replan('all');
    await clock.advance(3_600_000);
    await box.hello();
    await until(async () =>
      (await metrics.text()).includes('loa_box_messages_refused_total{why="unknown-device"} 1'),
    );
    expect(box.got.slice(before).filter(({ channel }) => channel !== 'order')).toEqual([]);
  });
});
