import { describe, expect, it } from 'vitest';
import { siteInMemory } from '../http/app-fixture.ts';
import { createPolicyRoutes } from './policy.routes.ts';
import { createPolicies } from './policy.service.ts';

async function started() {
  const site = await siteInMemory();
  const { db, clock } = site;
  let replans = 0;
  const policies = createPolicies({ db, clock, timeZone: 'Asia/Ho_Chi_Minh', onChanged: () => replans++ });
  return { ...site.serve({ api: createPolicyRoutes({ policies, db }) }), replans: () => replans };
}

describe('the commune’s rules by HTTP', () => {
  it('are a proposal until an administrator decides', async () => {
    const { somebody, replans } = await started();
    const admin = await somebody('admin');
    const proposal = await admin('GET', '/api/v1/policy');
    expect(proposal.body).toMatchObject({
      isDefault: true,
      policy: { windows: [{ from: '05:00', to: '20:00' }] },
    });
    const wanted = { ...proposal.body.policy, windows: [{ days: [1], from: '06:00', to: '07:00' }] };
    expect(await admin('PUT', '/api/v1/policy', wanted)).toMatchObject({
      status: 200,
      body: { isDefault: false },
    });
    expect(replans()).toBe(1);
    expect((await (await somebody('author'))('PUT', '/api/v1/policy', wanted)).status).toBe(403);
  });

  it('are not for the administrator of one hamlet to change: they bind every hamlet', async () => {
    const { somebody, replans } = await started();
    const neighbour = await somebody('admin', 'are_dong');
    const { policy } = (await neighbour('GET', '/api/v1/policy')).body;
    expect(await neighbour('PUT', '/api/v1/policy', policy)).toMatchObject({
      status: 403,
      body: { code: 'people/forbidden' },
    });
    expect(replans()).toBe(0);
  });

  it('P12: refuse what no box would take, such as a reason of two lines', async () => {
    const { somebody } = await started();
    const admin = await somebody('admin');
    const { policy } = (await admin('GET', '/api/v1/policy')).body;
    const untilMs = Number.MAX_SAFE_INTEGER; // beyond the year 9999
    const mute = { id: 'm1', fromMs: 0, untilMs, classes: ['routine'], reason: 'Thi\ntốt nghiệp' };
    const refused = await admin('PUT', '/api/v1/policy', { ...policy, mutes: [mute] });
    expect(refused.status).toBe(422);
    expect(refused.body.fields.map(({ path }: { path: string }) => path)).toEqual([
      'mutes.0.untilMs',
      'mutes.0.reason',
    ]);
  });

  it('P12: refuse hours and zones that do not exist', async () => {
    const { somebody } = await started();
    const admin = await somebody('admin');
    const { policy } = (await admin('GET', '/api/v1/policy')).body;
    const refused = await admin('PUT', '/api/v1/policy', {
      ...policy,
      timeZone: 'Asia/Nowhere',
      windows: [{ days: [8], from: '25:00', to: '20:00' }],
    });
    expect(refused.status).toBe(422);
    expect(refused.body.fields.map(({ path }: { path: string }) => path)).toEqual(
      expect.arrayContaining(['timeZone', 'windows.0.days.0', 'windows.0.from']),
    );
  });
});
