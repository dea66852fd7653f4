import { beforeEach, describe, expect, it } from 'vitest';
import { createBulletinStore } from '../bulletins/bulletin.store.ts';
import { contentSite, SUBMISSION } from '../content-fixture.ts';
import { listActiveSeries } from './series.service.ts';

let site: Awaited<ReturnType<typeof contentSite>>;
let bulletinId: string;
let approvalId: string;

/** Daily at 05:30 in the whole commune, all within the approval. */
const draft = (over: object = {}) => ({
  bulletinId,
  approvalId,
  rule: { kind: 'daily' },
  firstDate: '2026-01-06',
  lastDate: '2026-01-18',
  localTime: '05:30:00',
  targets: SUBMISSION.targets,
  ...over,
});
const place = (over: object = {}) => site.author('POST', '/api/v1/series', draft(over));
const change = (id: string, changes: object) => site.author('PATCH', `/api/v1/series/${id}`, changes);

beforeEach(async () => {
  site = await contentSite();
  bulletinId = (await site.written(site.author)).id;
  approvalId = (await site.author('POST', `/api/v1/bulletins/${bulletinId}/submit`, SUBMISSION)).body.id;
  await site.leader('POST', `/api/v1/approvals/${approvalId}/approve`, { heardToEnd: true });
});

describe('a series within its approval', () => {
  it('is what the planner gets, with the sounds, dates and clusters that were approved', async () => {
    const { status, body } = await place();
    expect(status).toBe(201);
    expect(body).toMatchObject({
      state: 'active',
      approvalState: 'approved',
      class: 'routine',
      timeZone: 'Asia/Ho_Chi_Minh',
      nextStartMs: Temporal.Instant.from('2026-01-05T22:30:00Z').epochMilliseconds,
    });
    expect(await listActiveSeries(site.db)).toEqual([
      {
        id: body.id,
        rootId: body.id,
        title: 'Họp thôn',
        bulletinId,
        manifestSha: expect.stringMatching(/^[0-9a-f]{64}$/),
        clusterIds: ['clu_dong', 'clu_tay'],
        rule: { kind: 'daily' },
        firstDate: '2026-01-06',
        lastDate: '2026-01-18',
        localTime: '05:30:00',
        timeZone: 'Asia/Ho_Chi_Minh',
        rules: expect.objectContaining({ class: 'routine', rank: 50 }),
        approved: { firstDate: '2026-01-05', lastDate: '2026-01-18' },
        repeat: { times: 1, gapMs: 0 },
        gainDb: 0,
        variants: [
          {
            language: 'vi',
            parts: [{ kind: 'sound', sound: 0, language: 'vi' }],
            sounds: [{ sha256: expect.any(String), bytes: 30_000, durationMs: 10_000 }],
            durationMs: 10_000,
          },
        ],
      },
    ]);
    expect(site.replanned).toEqual([['clu_dong', 'clu_tay']]);
  });

  it('may move within it, and keeps its root', async () => {
    const { body } = await place();
    const moved = await change(body.id, { localTime: '05:10:00', targets: { clusters: ['clu_tay'] } });
    expect(moved.body).toMatchObject({ id: body.id, rootId: body.id, localTime: '05:10:00' });
    expect((await listActiveSeries(site.db))[0]).toMatchObject({ clusterIds: ['clu_tay'] });
    expect(site.replanned.at(-1)).toEqual(['clu_tay', 'clu_dong']); // the one left out must forget it
  });

  it('that was withdrawn is recalled from where it was planned, and stays so', async () => {
    const { body } = await place();
    const answer = await site.author('POST', `/api/v1/series/${body.id}/withdraw`);
    expect(answer.body).toMatchObject({ series: { state: 'withdrawn', nextStartMs: null }, stillHeldBy: [] });
    expect(await listActiveSeries(site.db)).toEqual([]);
    expect((await change(body.id, { localTime: '05:10:00' })).body.code).toBe('series/withdrawn');
  });
});

describe('nothing beyond the approval is planned (P2)', () => {
  it.each([
    ['a day before it', { firstDate: '2026-01-04' }, 'begins on 2026-01-04'],
    ['a day after it', { lastDate: '2026-01-19' }, 'ends on 2026-01-19'],
    ['another hour', { localTime: '06:00:00' }, 'outside the approved hours'],
  ])('not %s', async (_, over, why) => {
    const { status, body } = await place(over);
    expect([status, body.code]).toEqual([409, 'series/outside-approval']);
    expect(body.detail).toContain(why);
    expect(await listActiveSeries(site.db)).toEqual([]);
  });

  it('not another hamlet, also when a series is changed later', async () => {
    const narrow = { ...SUBMISSION, targets: { areas: ['are_dong'] } };
    const { body: asked } = await site.author('POST', `/api/v1/bulletins/${bulletinId}/submit`, narrow);
    await site.leader('POST', `/api/v1/approvals/${asked.id}/approve`, { heardToEnd: true });
    approvalId = asked.id;
    expect((await place()).body.code).toBe('series/outside-approval');
    const { body } = await place({ targets: { areas: ['are_dong'] } });
    const widened = await change(body.id, { targets: SUBMISSION.targets });
    expect([widened.body.code, widened.body.detail]).toEqual([
      'series/outside-approval',
      expect.stringContaining('clu_tay'),
    ]);
    expect((await listActiveSeries(site.db))[0]).toMatchObject({ clusterIds: ['clu_dong'] });
  });

  it('not on a cluster that joined its area after the approval', async () => {
    await place();
    await site.addCluster('clu_new', 'are_dong');
    expect((await listActiveSeries(site.db))[0]).toMatchObject({ clusterIds: ['clu_dong', 'clu_tay'] });
  });

  it('not another sound than the approved one', async () => {
    await place();
    const [row] = await createBulletinStore(site.db).variants(bulletinId, 1);
    const sounds = JSON.stringify([{ sha256: 'f'.repeat(64), bytes: 1, durationMs: 1 }]);
    if (row) await createBulletinStore(site.db).setVariants(bulletinId, 1, [{ ...row, sounds }]);
    expect(await listActiveSeries(site.db)).toEqual([]);
  });

  it('not under an approval that is void, returned, waiting, of another bulletin, or missing', async () => {
    const { body: waiting } = await site.author('POST', `/api/v1/bulletins/${bulletinId}/submit`, SUBMISSION);
    expect((await place()).body.detail).toContain('is void');
    expect((await place({ approvalId: waiting.id })).body.detail).toContain('is waiting');
    const other = await site.written(site.author, 'Tin khác.');
    expect((await place({ bulletinId: other.id })).body.code).toBe('series/not-approved');
    expect((await place({ approvalId: 'apr_none' })).body.code).toBe('series/not-approved');
  });

  it('not after the bulletin was changed', async () => {
    const { body } = await place();
    await site.author('PATCH', `/api/v1/bulletins/${bulletinId}`, { version: 1, title: 'Khác' });
    expect(await listActiveSeries(site.db)).toEqual([]);
    const { series } = (await site.author('GET', `/api/v1/series/${body.id}`)).body;
    expect(series).toMatchObject({ state: 'active', approvalState: 'void' });
    expect(site.replanned.at(-1)).toBe('all');
  });

  it('a draft without an approval is kept, and heard once it has one', async () => {
    const { body } = await place({ approvalId: null });
    expect(body).toMatchObject({ state: 'draft', approvalState: null });
    expect(await listActiveSeries(site.db)).toEqual([]);
    expect((await change(body.id, { approvalId })).body.state).toBe('active');
    expect(await listActiveSeries(site.db)).toHaveLength(1);
  });
});

describe('a series that cannot be meant', () => {
  it.each([
    ['is over', { firstDate: '2026-01-05', rule: { kind: 'once' } }, 'series/never-fires'],
    [
      'never comes',
      { firstDate: '2026-01-06', lastDate: '2026-01-07', rule: { kind: 'weekly', days: [1] } },
      'series/never-fires',
    ],
    ['ends before it begins', { lastDate: '2026-01-05' }, 'request/invalid'],
    ['means no cluster', { targets: { areas: ['are_nowhere'] } }, 'request/invalid'],
    ['has no such hour', { localTime: '24:00:00' }, 'request/invalid'],
    ['has no such day', { firstDate: '2026-02-30' }, 'request/invalid'],
    ['names no bulletin', { bulletinId: 'bul_none' }, 'bulletin/unknown'],
  ])('since it %s, is refused', async (_, over, code) => {
    const { status, body } = await place(over);
    expect([status >= 400, body.code]).toEqual([true, code]);
    expect((await site.author('GET', '/api/v1/series')).body.series).toEqual([]);
  });
});

describe('a dry run', () => {
  it('tells minutes, clusters and the first start, and changes nothing', async () => {
    const { status, body } = await site.author('POST', '/api/v1/series/dry-run', draft({ approvalId: null }));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      occurrences: 26, // 13 days in two hamlets
      clusterIds: ['clu_dong', 'clu_tay'],
      minutesAdded: 4.3, // 26 × 10 s
      firstStartMs: Temporal.Instant.from('2026-01-05T22:30:00Z').epochMilliseconds,
      conflicts: [],
      skips: [],
    });
    expect((await site.author('GET', '/api/v1/series')).body.series).toEqual([]);
    expect(site.replanned).toEqual([]);
  });

  it('names what it meets on the same horn, and what the rules of the commune leave out', async () => {
    await place();
    const meeting = await site.author('POST', '/api/v1/series/dry-run', draft({ localTime: '05:30:05' }));
    expect(meeting.body.conflicts).toHaveLength(26);
    expect(meeting.body.conflicts[0]).toMatchObject({ otherTitle: 'Họp thôn', reason: expect.any(String) });
    const night = await site.author('POST', '/api/v1/series/dry-run', draft({ localTime: '23:00:00' }));
    expect(night.body).toMatchObject({ occurrences: 0, minutesAdded: 0, firstStartMs: null });
    expect(night.body.skips[0]).toMatchObject({ code: 'quiet-hours', clusterId: 'clu_dong' });
  });
});
