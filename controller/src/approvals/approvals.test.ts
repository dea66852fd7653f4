import { beforeEach, describe, expect, it } from 'vitest';
import { verifyAudit } from '../audit/audit.service.ts';
import { contentSite, SUBMISSION } from '../content-fixture.ts';
import { createPeopleStore } from '../people/people.store.ts';
import { createProcedureStore } from '../procedures/procedure.store.ts';
import { manifestSha, manifestText } from './manifest.ts';

let site: Awaited<ReturnType<typeof contentSite>>;

beforeEach(async () => {
  site = await contentSite();
});

const submit = (id: string, over: object = {}, as = site.author) =>
  as('POST', `/api/v1/bulletins/${id}/submit`, { ...SUBMISSION, ...over });
const approve = (id: string, as = site.leader) =>
  as('POST', `/api/v1/approvals/${id}/approve`, { heardToEnd: true });
const stateOf = async (id: string) => (await site.leader('GET', `/api/v1/approvals/${id}`)).body.state;
/** Somebody who may write and approve everywhere, by the id under which they write. */
const makeApprover = (userId: string) =>
  createPeopleStore(site.db).grant(userId, { role: 'approver', areaId: 'are_root' }, 0);

describe('an approval binds exactly what was asked for (P2)', () => {
  it('shows the leader sounds, words, clusters, dates and hours, under the hash of all that', async () => {
    const bulletin = await site.written(site.author);
    const { status, body } = await submit(bulletin.id);
    expect(status).toBe(201);
    expect(body.manifest).toEqual({
      bulletinId: bulletin.id,
      version: 1,
      title: 'Họp thôn',
      class: 'routine',
      unverified: false,
      variants: [
        {
          language: 'vi',
          sounds: [expect.stringMatching(/^[0-9a-f]{64}$/)],
          spokenText: 'Mời bà con họp thôn.',
          durationMs: 10_000,
        },
      ],
      clusterIds: ['clu_dong', 'clu_tay'],
      firstDate: '2026-01-05',
      lastDate: '2026-01-18',
      windows: SUBMISSION.windows,
    });
    expect(body.manifestSha).toBe(manifestSha(manifestText(body.manifest)));
    const inbox = await site.leader('GET', '/api/v1/approvals');
    expect(inbox.body.approvals).toEqual([body]);
  });

  it('is recorded with everything else in an unbroken trail', async () => {
    const { id } = await site.written(site.author);
    const { body } = await submit(id);
    expect((await approve(body.id)).body).toMatchObject({ state: 'approved', heardToEnd: true });
    expect((await site.leader('GET', '/api/v1/approvals')).body.approvals).toEqual([]);
    const rows = await site.raw.prepare('SELECT action FROM audit ORDER BY seq').all();
    expect(rows.slice(-5).map((row) => row['action'])).toEqual([
      'bulletin.created',
      'bulletin.render-asked',
      'bulletin.rendered',
      'bulletin.submitted',
      'bulletin.approved',
    ]);
    expect(await verifyAudit(site.db)).toMatchObject({ ok: true });
  });

  it.each([
    ['no cluster', { targets: { areas: ['are_nowhere'] } }, 'targets'],
    ['an end before its beginning', { lastDate: '2026-01-04' }, 'lastDate'],
    ['no hours', { windows: [] }, 'windows'],
    [
      'an hour that no clock shows',
      { windows: [{ days: [1], from: '25:00', to: '26:00' }] },
      'windows.0.from',
    ],
  ])('cannot be asked for with %s', async (_, over, path) => {
    const { id } = await site.written(site.author);
    const { status, body } = await submit(id, over);
    expect(status).toBe(422);
    expect(body.fields[0].path).toBe(path);
  });

  it('cannot be asked for before there is a sound', async () => {
    const variants = [{ language: 'vi', segments: [{ kind: 'speech', text: 'Tin.' }] }];
    const draft = { areaId: 'are_root', title: 'Tin', variants };
    const { body } = await site.author('POST', '/api/v1/bulletins', draft);
    expect((await submit(body.id)).body.code).toBe('bulletin/not-rendered');
  });
});

describe('whoever made it does not let it out (P2)', () => {
  it('neither its author', async () => {
    const bulletin = await site.written(site.author);
    await makeApprover(bulletin.authorId);
    const { body } = await submit(bulletin.id, {}, await site.somebody('author'));
    const refused = await approve(body.id, site.author);
    expect([refused.status, refused.body.code]).toEqual([403, 'approval/own-work']);
    expect(await stateOf(body.id)).toBe('waiting');
  });

  it('nor whoever submitted it', async () => {
    const submitter = await site.somebody('author');
    const own = await site.written(submitter);
    await makeApprover(own.authorId);
    const { id } = await site.written(site.author, 'Tin khác.');
    const { body } = await submit(id, {}, submitter);
    expect((await approve(body.id, submitter)).body.code).toBe('approval/own-work');
  });

  it('nor anybody who wrote in an earlier version', async () => {
    const bulletin = await site.written(site.author);
    await makeApprover(bulletin.authorId);
    const other = await site.somebody('author');
    await other('PATCH', `/api/v1/bulletins/${bulletin.id}`, { version: 1, title: 'Họp thôn tối nay' });
    await site.rendered(other, bulletin.id);
    const { body } = await submit(bulletin.id, {}, other);
    expect((await approve(body.id, site.author)).body.code).toBe('approval/own-work');
    expect((await approve(body.id)).status).toBe(200);
  });

  it('nor anybody without the right, nor with it somewhere else', async () => {
    const { id } = await site.written(site.author);
    const { body } = await submit(id);
    expect((await approve(body.id, site.author)).body.code).toBe('people/forbidden');
    expect((await approve(body.id, await site.somebody('approver', 'are_dong'))).body.code).toBe(
      'people/forbidden',
    );
  });

  it('nor a leader of one hamlet for its neighbours', async () => {
    const { id } = await site.written(site.author, 'Tin.', 'are_dong');
    const { body } = await submit(id);
    const local = await site.somebody('approver', 'are_dong');
    expect((await approve(body.id, local)).body.code).toBe('people/forbidden');
  });

  it('and nobody asks for hamlets that are not theirs', async () => {
    const villager = await site.somebody('author', 'are_dong');
    const { id } = await site.written(villager, 'Tin.', 'are_dong');
    expect((await submit(id, {}, villager)).body.code).toBe('people/forbidden');
    expect((await submit(id, { targets: { areas: ['are_dong'] } }, villager)).status).toBe(201);
  });
});

describe('a leader', () => {
  it('approves unheard only with a reason, which is kept', async () => {
    const { id } = await site.written(site.author);
    const { body } = await submit(id);
    const path = `/api/v1/approvals/${body.id}/approve`;
    const refused = await site.leader('POST', path, { heardToEnd: false });
    expect([refused.status, refused.body.code]).toEqual([409, 'approval/not-heard']);
    const approved = await site.leader('POST', path, { heardToEnd: false, reason: 'Đã nghe ở phòng thu.' });
    expect(approved.body).toMatchObject({
      state: 'approved',
      heardToEnd: false,
      reason: 'Đã nghe ở phòng thu.',
    });
  });

  it('sends it back with a reason, and it may be submitted again', async () => {
    const { id } = await site.written(site.author);
    const { body } = await submit(id);
    const path = `/api/v1/approvals/${body.id}/return`;
    expect((await site.leader('POST', path, { reason: '' })).status).toBe(422);
    expect((await site.leader('POST', path, { reason: 'Thiếu giờ họp.' })).body.state).toBe('returned');
    expect((await site.author('GET', `/api/v1/bulletins/${id}`)).body.state).toBe('returned');
    expect((await submit(id)).status).toBe(201);
  });

  it('decides once: the second of two finds it decided', async () => {
    const { id } = await site.written(site.author);
    const { body } = await submit(id);
    const other = await site.somebody('approver');
    const answers = await Promise.all([approve(body.id), approve(body.id, other)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});

describe('what was approved is void (P2)', () => {
  it('once the bulletin is changed, and boxes are planned anew', async () => {
    const { id } = await site.written(site.author);
    const { body } = await submit(id);
    await approve(body.id);
    await site.author('PATCH', `/api/v1/bulletins/${id}`, { version: 1, title: 'Khác' });
    expect(await stateOf(body.id)).toBe('void');
    expect(site.replanned).toEqual(['all']);
    expect((await approve(body.id)).body.code).toBe('approval/void');
  });

  it('once more is asked for than was approved', async () => {
    const { id } = await site.written(site.author);
    const first = await submit(id);
    await approve(first.body.id);
    const second = await submit(id, { lastDate: '2026-02-28' });
    expect([await stateOf(first.body.id), await stateOf(second.body.id)]).toEqual(['void', 'waiting']);
    expect(site.replanned).toEqual(['all']);
  });
});

describe('an explainer', () => {
  const explainer = async () => {
    const procedure = (await createProcedureStore(site.db).all()).find(({ code }) => code === '3.000722');
    const wanted = { procedureId: procedure?.id, areaId: 'are_root' };
    const { body } = await site.author('POST', '/api/v1/bulletins/from-procedure', wanted);
    return { procedureId: procedure?.id ?? '', bulletin: await site.rendered(site.author, body.id) };
  };

  it('from a record that nobody verified tells the approver so', async () => {
    const { bulletin } = await explainer();
    expect((await submit(bulletin.id)).body.manifest.unverified).toBe(true);
  });

  it('is not asked for beyond the validity of its record, nor once that is repealed', async () => {
    const { bulletin, procedureId } = await explainer();
    const store = createProcedureStore(site.db);
    const { record = '{}' } = (await store.find(procedureId)) ?? {};
    await store.change(procedureId, {
      record: JSON.stringify({ ...JSON.parse(record), validUntil: '2027-02-28' }),
    });
    const late = await submit(bulletin.id, { lastDate: '2027-03-01' });
    expect([late.body.code, late.body.detail]).toEqual([
      'procedure/not-current',
      expect.stringContaining('only until 2027-02-28'),
    ]);
    await store.change(procedureId, { status: 'repealed' });
    expect((await submit(bulletin.id)).body.code).toBe('procedure/not-current');
  });
});
