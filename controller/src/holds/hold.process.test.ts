import { describe, expect, it } from 'vitest';
import type { Actor } from '../http/access.ts';
import { CLUSTER, scriptBox, startWire } from '../mqtt/wire-fixture.ts';

const ACTOR: Actor = {
  userId: 'per_1',
  name: 'Trần Văn Bình',
  grants: [{ role: 'approver', areaId: 'are_1' }],
};
const WHOLE_COMMUNE = {
  targets: { areas: ['are_1'] },
  includesEmergency: false,
  untilMs: null,
  reason: 'Lễ tang',
};

async function started() {
  const site = await startWire();
  const box = await scriptBox(site);
  await box.next('hold'); // the empty set, from the first day
  const holdsOnBox = async () => (await box.all('hold')).map(({ message }) => message.body.holds);
  const says = async (seq: number, holds: string[], silent: boolean) => {
    await box.journal([
      { seq, atMs: site.nowMs(), clock: 'trusted', bootId: 'b', kind: 'hold', holds, silent },
    ]);
    await box.next('ack', seq);
  };
  return { ...site, box, holdsOnBox, says };
}

describe('P9: a hold', () => {
  it('goes to every box of the area as its full set, and each box confirms its silence', async () => {
    const { wire, box, holdsOnBox, says } = await started();
    const placed = await wire.holds.place(ACTOR, WHOLE_COMMUNE, 'req_1');
    expect(placed.members).toEqual([{ clusterId: CLUSTER, state: 'waiting', silent: null }]);
    const { message } = await box.next('hold', 2);
    expect(message.body.holds).toMatchObject([
      { id: placed.id, includesEmergency: false, untilMs: null, reason: 'Lễ tang', by: 'Trần Văn Bình' },
    ]);
    await says(1, [placed.id], true);
    const [listed] = await wire.holds.list();
    expect(listed?.members).toEqual([{ clusterId: CLUSTER, state: 'confirmed', silent: true }]);
    expect((await holdsOnBox())[0]).toEqual([]);
  });

  it('stays beside another, and its release leaves the other in force', async () => {
    const { wire, box, until, holdsOnBox } = await started();
    const first = await wire.holds.place(ACTOR, WHOLE_COMMUNE, 'req_1');
    const second = await wire.holds.place(
      ACTOR,
      { ...WHOLE_COMMUNE, targets: { clusters: [CLUSTER] } },
      'req_2',
    );
    await until(async () => (await holdsOnBox()).some((holds) => holds.length === 2));
    await wire.holds.release(ACTOR, first.id, 'req_3');
    await until(async () => (await holdsOnBox()).at(-1)?.length === 1);
    const newest = (await box.all('hold')).at(-1);
    expect(newest?.message.body.holds[0]?.id).toBe(second.id);
    expect(newest?.message.rev).toBe(4);
  });

  it('is refused where 100 are in force, for a box takes no more, and accepted when one is released', async () => {
    const { wire, db } = await started();
    const first = await wire.holds.place(ACTOR, WHOLE_COMMUNE, 'req_1');
    const row = await db.selectFrom('holds').selectAll().executeTakeFirstOrThrow();
    for (let n = 2; n <= 100; n++)
      await db
        .insertInto('holds')
        .values({ ...row, id: `hol_more_${n}` })
        .execute();
    const oneMore = { ...WHOLE_COMMUNE, targets: { clusters: [CLUSTER] } };
    await expect(wire.holds.place(ACTOR, oneMore, 'req_2')).rejects.toMatchObject({
      code: 'hold/too-many',
      details: { clusterIds: [CLUSTER] },
    });
    expect(await db.selectFrom('holds').select('id').execute()).toHaveLength(100);
    await wire.holds.release(ACTOR, first.id, 'req_3');
    await wire.holds.place(ACTOR, oneMore, 'req_4');
  });

  it('that is over by its time is no longer in the set', async () => {
    const { wire, nowMs, clock, until, holdsOnBox } = await started();
    await wire.holds.place(ACTOR, { ...WHOLE_COMMUNE, untilMs: nowMs() + 60_000 }, 'req_1');
    await until(async () => (await holdsOnBox()).at(-1)?.length === 1);
    await clock.advance(61_000);
    wire.planner.replan('all');
    await until(async () => (await holdsOnBox()).at(-1)?.length === 0);
  });

  it('is confirmed as released when the box has let go of it', async () => {
    const { wire, says } = await started();
    const { id } = await wire.holds.place(ACTOR, WHOLE_COMMUNE, 'req_1');
    await says(1, [id], true);
    expect((await wire.holds.release(ACTOR, id, 'req_2')).members[0]?.state).toBe('waiting');
    await says(2, [], false);
    expect((await wire.holds.list())[0]?.members[0]).toMatchObject({ state: 'confirmed', silent: false });
  });

  it('is refused outside one’s own area, and leaves a trail inside it', async () => {
    const { wire, db } = await started();
    const stranger: Actor = { ...ACTOR, grants: [] };
    await expect(wire.holds.place(stranger, WHOLE_COMMUNE, 'req_1')).rejects.toMatchObject({
      code: 'people/forbidden',
    });
    await expect(
      wire.holds.place(ACTOR, { ...WHOLE_COMMUNE, targets: { clusters: ['clu-unknown'] } }, 'req_1'),
    ).rejects.toMatchObject({ code: 'cluster/unknown' });
    await expect(wire.holds.release(ACTOR, 'hol_unknown', 'req_1')).rejects.toMatchObject({
      code: 'hold/unknown',
    });
    const { id } = await wire.holds.place(ACTOR, WHOLE_COMMUNE, 'req_2');
    await wire.holds.release(ACTOR, id, 'req_3');
    await wire.holds.release(ACTOR, id, 'req_4'); // nothing more to release
    const trail = await db
      .selectFrom('audit')
      .select(['action', 'subject', 'actor'])
      .orderBy('seq')
      .execute();
    expect(trail).toEqual([
      { action: 'hold.placed', subject: `hold:${id}`, actor: 'per_1' },
      { action: 'hold.released', subject: `hold:${id}`, actor: 'per_1' },
    ]);
  });
});
