import { randomId } from '@loa/kernel';
import { describe, expect, it } from 'vitest';
import { siteInMemory } from '../http/app-fixture.ts';
import { createLiveEvents } from '../live-events/live-events.service.ts';
import { createHoldRoutes } from './hold.routes.ts';
import { createHolds } from './hold.service.ts';

async function started() {
  const site = await siteInMemory();
  const { db, clock, log } = site;
  const liveEvents = createLiveEvents({ db, clock });
  const orders = { setState: async () => ({ outcome: 'unchanged' as const, rev: 1 }) }; // there is no box
  const holds = createHolds({ db, orders, world: { clock, newId: randomId, log, liveEvents } });
  return { ...site.serve({ api: createHoldRoutes({ holds }) }), clock };
}

describe('holds by HTTP', () => {
  it('are placed, listed and released by those who may', async () => {
    const { somebody, nobody } = await started();
    const approver = await somebody('approver');
    const placed = await approver('POST', '/api/v1/holds', {
      targets: { areas: ['are_dong'] },
      reason: 'Lễ tang',
    });
    expect(placed).toMatchObject({
      status: 201,
      body: { includesEmergency: false, untilMs: null, members: [] },
    });
    expect((await approver('GET', '/api/v1/holds')).body.holds).toHaveLength(1);
    const released = await approver('POST', `/api/v1/holds/${placed.body.id}/release`);
    expect(released).toMatchObject({ status: 200, body: { releasedMs: expect.any(Number) } });
    expect((await nobody('GET', '/api/v1/holds')).status).toBe(401);
  });

  it('reach no further than the area of the one who asks', async () => {
    const { somebody } = await started();
    const approver = await somebody('approver', 'are_tay');
    const refused = await approver('POST', '/api/v1/holds', {
      targets: { areas: ['are_dong'] },
      reason: 'x',
    });
    expect(refused).toMatchObject({ status: 403, body: { code: 'people/forbidden' } });
  });

  it('P9: are refused at once when no box would take them, such as a reason of two lines', async () => {
    const { somebody } = await started();
    const approver = await somebody('approver');
    const refused = await approver('POST', '/api/v1/holds', {
      targets: { areas: ['are_dong'] },
      reason: 'Lễ tang\nthôn Đông',
    });
    expect(refused).toMatchObject({ status: 422, body: { fields: [{ path: 'reason' }] } });
    expect((await approver('GET', '/api/v1/holds')).body.holds).toEqual([]);
  });

  it('P9: end at an instant that a box knows: beyond the year 9999 it would take none', async () => {
    const { somebody } = await started();
    const approver = await somebody('approver');
    const wanted = { targets: { areas: ['are_dong'] }, reason: 'x', untilMs: Number.MAX_SAFE_INTEGER };
    expect(await approver('POST', '/api/v1/holds', wanted)).toMatchObject({
      status: 422,
      body: { fields: [{ path: 'untilMs' }] },
    });
  });

  it('P9: are refused when their end has passed: no box would ever be silent', async () => {
    const { somebody, clock } = await started();
    const approver = await somebody('approver');
    const untilMs = clock.now().epochMilliseconds;
    const wanted = { targets: { areas: ['are_dong'] }, reason: 'x', untilMs };
    expect(await approver('POST', '/api/v1/holds', wanted)).toMatchObject({
      status: 422,
      body: { code: 'hold/over' },
    });
    expect((await approver('GET', '/api/v1/holds')).body.holds).toEqual([]);
  });

  it('P12: name the field that is wrong', async () => {
    const { somebody } = await started();
    const approver = await somebody('approver');
    const refused = await approver('POST', '/api/v1/holds', { targets: {}, reason: '' });
    expect(refused.status).toBe(422);
    expect(refused.body.fields.map(({ path }: { path: string }) => path)).toEqual(
      expect.arrayContaining(['targets', 'reason']),
    );
  });
});
