import { countingId } from '@loa/kernel/testing';
import { describe, expect, it } from 'vitest';
import { createAreaRoutes } from '../areas/areas.routes.ts';
import { createAreas } from '../areas/areas.service.ts';
import { verifyAudit } from '../audit/audit.service.ts';
import { siteInMemory } from '../http/app-fixture.ts';
import { featureApp } from '../http/problem.ts';
import { createClusterRoutes } from './clusters.routes.ts';
import { createClusters } from './clusters.service.ts';
import { resolveTargets } from './targets.service.ts';

async function places() {
  const site = await siteInMemory();
  const { db, clock } = site;
  const newId = countingId();
  const changed: (readonly string[])[] = [];
  const clusters = createClusters({ db, clock, newId, onChanged: (ids) => changed.push(ids) });
  const areas = createAreas({ db, clock, newId });
  const api = featureApp()
    .route('/', createAreaRoutes({ areas }))
    .route('/', createClusterRoutes({ clusters }));
  const served = site.serve({ api });
  const admin = await served.somebody('admin');
  const add = async (areaId: string, name: string, more: object = {}): Promise<string> =>
    (await admin('POST', '/api/v1/clusters', { areaId, name, ...more })).body.id;
  return { ...site, ...served, admin, add, changed };
}

describe('the tree of areas', () => {
  it('grows by any kind of place, and two of one name are not put side by side', async () => {
    const { admin } = await places();
    const wanted = { parentId: 'are_dong', name: 'Xóm Đình', kind: 'Xóm' };
    const made = await admin('POST', '/api/v1/areas', wanted);
    expect(made).toMatchObject({ status: 201, body: wanted });
    const twin = await admin('POST', '/api/v1/areas', { ...wanted, name: 'xóm đình' });
    expect(twin).toMatchObject({ status: 409, body: { code: 'request/conflict' } });
    expect((await admin('POST', '/api/v1/areas', { ...wanted, parentId: 'are_tay' })).status).toBe(201);
    expect((await admin('POST', '/api/v1/areas', { ...wanted, parentId: 'are_none' })).body.code).toBe(
      'area/unknown',
    );
    expect((await admin('GET', '/api/v1/areas')).body.areas).toHaveLength(5);
  });

  it('P12: has names of one line, for they go to boxes, which take no others', async () => {
    const { admin, add } = await places();
    const id = await add('are_dong', 'Nhà văn hóa');
    for (const path of ['/api/v1/areas/are_dong', `/api/v1/clusters/${id}`])
      expect(await admin('PATCH', path, { name: 'Thôn\nĐông' })).toMatchObject({
        status: 422,
        body: { fields: [{ path: 'name' }] },
      });
  });

  it('is renamed with a trace of who did it (P10)', async () => {
    const { admin, db, raw } = await places();
    const renamed = await admin('PATCH', '/api/v1/areas/are_dong', { name: 'Thôn Đông Hà' });
    expect(renamed.body).toMatchObject({ id: 'are_dong', name: 'Thôn Đông Hà', kind: 'Thôn' });
    const row = raw.prepare('SELECT action, before, after FROM audit').get();
    expect(row).toMatchObject({ action: 'area.renamed' });
    expect(JSON.parse(String(row?.['before'])).name).toBe('Thôn Đông');
    expect(await verifyAudit(db)).toMatchObject({ ok: true });
  });

  it('may be changed by an admin of that part alone', async () => {
    const { somebody } = await places();
    const neighbour = await somebody('admin', 'are_tay');
    expect((await neighbour('PATCH', '/api/v1/areas/are_dong', { name: 'X' })).body.code).toBe(
      'people/forbidden',
    );
    expect((await neighbour('PATCH', '/api/v1/areas/are_root', { name: 'X' })).body.code).toBe(
      'people/forbidden',
    );
    expect((await neighbour('PATCH', '/api/v1/areas/are_tay', { name: 'X' })).status).toBe(200);
  });
});

describe('a cluster', () => {
  it('begins with cautious settings, and its planner is told of each change', async () => {
    const { admin, add, changed } = await places();
    const id = await add('are_dong', 'Nhà văn hóa');
    const { body } = await admin('GET', `/api/v1/clusters/${id}`);
    expect(body).toMatchObject({
      areaId: 'are_dong',
      languages: ['vi'],
      gainDb: 0,
      retiredMs: null,
      device: null,
    });
    await admin('PATCH', `/api/v1/clusters/${id}`, { gainDb: -6 });
    expect(changed).toEqual([[id], [id]]);
    expect((await admin('PATCH', `/api/v1/clusters/${id}`, { gainDb: 3 })).status).toBe(422);
  });

  it('moves between areas only when both are the admin’s', async () => {
    const { admin, add, somebody } = await places();
    const id = await add('are_dong', 'Nhà văn hóa');
    const neighbour = await somebody('admin', 'are_dong');
    expect((await neighbour('PATCH', `/api/v1/clusters/${id}`, { areaId: 'are_tay' })).body.code).toBe(
      'people/forbidden',
    );
    expect((await admin('PATCH', `/api/v1/clusters/${id}`, { areaId: 'are_tay' })).body.areaId).toBe(
      'are_tay',
    );
    expect((await neighbour('PATCH', `/api/v1/clusters/${id}`, { gainDb: -1 })).status).toBe(403);
  });

  it('is retired once and may come back', async () => {
    const { admin, add, clock } = await places();
    const id = await add('are_dong', 'Nhà văn hóa');
    const retiredMs = clock.now().epochMilliseconds;
    await admin('PATCH', `/api/v1/clusters/${id}`, { retired: true });
    await clock.advance(1000);
    expect((await admin('PATCH', `/api/v1/clusters/${id}`, { retired: true })).body.retiredMs).toBe(
      retiredMs,
    );
    expect((await admin('PATCH', `/api/v1/clusters/${id}`, { name: 'B' })).body.retiredMs).toBe(retiredMs);
    expect((await admin('PATCH', `/api/v1/clusters/${id}`, { retired: false })).body.retiredMs).toBeNull();
  });

  it('that does not exist is a sentence', async () => {
    const { admin } = await places();
    const answer = await admin('PATCH', '/api/v1/clusters/clu_none', { name: 'B' });
    expect(answer).toMatchObject({ status: 404, body: { code: 'cluster/unknown' } });
    expect(answer.body.detail).toContain('clu_none');
  });
});

describe('targets', () => {
  it('mean every cluster below the named areas, those named, and those tagged, but none that is excluded or retired', async () => {
    const { db, add, admin } = await places();
    const [east, west, school, root] = [
      await add('are_dong', 'Đông'),
      await add('are_tay', 'Tây'),
      await add('are_tay', 'Trường học', { tags: ['school'] }),
      await add('are_root', 'Ủy ban'),
    ];
    expect(await resolveTargets(db, { areas: ['are_root'] })).toEqual([east, west, school, root]);
    expect(await resolveTargets(db, { areas: ['are_tay'] })).toEqual([west, school]);
    expect(await resolveTargets(db, { clusters: [east], tags: ['school'] })).toEqual([east, school]);
    expect(await resolveTargets(db, { areas: ['are_root'], exclude: ['are_tay', root] })).toEqual([east]);
    expect(await resolveTargets(db, {})).toEqual([]);
    expect(await resolveTargets(db, { areas: ['are_none'], clusters: ['clu_none'] })).toEqual([]);
    await admin('PATCH', `/api/v1/clusters/${west}`, { retired: true });
    expect(await resolveTargets(db, { areas: ['are_tay'], clusters: [west] })).toEqual([school]);
  });
});
