import { createSigner, enrolment, linkAuthorization, parseDeviceId } from '@loa/contract';
import { Secret } from '@loa/kernel';
import { countingId } from '@loa/kernel/testing';
import { describe, expect, it } from 'vitest';
import { createClusterRoutes } from '../clusters/clusters.routes.ts';
import { createClusters } from '../clusters/clusters.service.ts';
import { siteInMemory } from '../http/app-fixture.ts';
import { boxOf, boxOnly, createRequireBox } from '../http/edge-access.ts';
import { featureApp } from '../http/problem.ts';
import { createClaims } from './claims.service.ts';
import { aBoxRequest } from './csr-fixture.ts';
import { createDeviceLink } from './device-link.ts';
import { createDeviceRoutes } from './devices.routes.ts';
import { createDevices, type DeviceChange } from './devices.service.ts';
import { createEdgeEnrolmentRoutes } from './edge-enrolment.routes.ts';
import { createEnrolments } from './enrolments.service.ts';
import { createRefusalGate } from './refusal-gate.ts';

const ROOT_KEY = {
  kty: 'OKP',
  crv: 'Ed25519',
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
} as const; // RFC 8037 appendix A

/** A site with one cluster, its enrolment open to boxes, and a route that only active boxes may ask. */
async function siteWithCluster() {
  const site = await siteInMemory();
  const { db, clock } = site;
  const newId = countingId();
  const changes: DeviceChange[] = [];
  const root = await createSigner(ROOT_KEY);
  const keys = { root: root.publicKey, keysJws: async () => 'signed.by.root' };
  const link = createDeviceLink({ db, controllerPassword: new Secret('of this run') });
  const requireBox = createRequireBox(link.activeBox);
  const clusters = createClusters({ db, clock, newId, onChanged: () => {} });
  const devices = createDevices({ db, clock, newId, onChanged: (change) => changes.push(change) });
  const served = site.serve({
    api: featureApp()
      .route('/', createClusterRoutes({ clusters }))
      .route('/', createDeviceRoutes({ claims: createClaims({ db, clock, newId }), devices })),
    edge: [
      createEdgeEnrolmentRoutes({
        enrolments: createEnrolments({ db, clock, newId, keys, mqttUrl: () => 'mqtt://127.0.0.1:1883' }),
        gate: createRefusalGate(clock),
      }),
      featureApp().get('/whoami', boxOnly(requireBox).middleware, (c) => c.json(boxOf(c))),
    ],
  });
  const admin = await served.somebody('admin');
  const { body: cluster } = await admin('POST', '/api/v1/clusters', {
    areaId: 'are_dong',
    name: 'Nhà văn hóa',
  });
  const { nobody } = served;
  const claim = async (): Promise<string> =>
    (await admin('POST', `/api/v1/clusters/${cluster.id}/claim-codes`)).body.code;
  const enrol = (claimCode: string, csrPem: string) =>
    nobody('POST', '/edge/v1/enrolments', {
      v: 1,
      claimCode,
      csrPem,
      hardware: { arch: 'x64' },
      agentVersion: '0.1.0',
    });
  const poll = (id: string, code: string) =>
    nobody('GET', `/edge/v1/enrolments/${id}`, undefined, { 'x-loa-claim': code });
  const approve = (id: string) => admin('POST', `/api/v1/enrolments/${id}/approval`, { wordsAgree: true });
  /** The whole way of a box that is let in. */
  const letIn = async () => {
    const code = await claim();
    const asked = await enrol(code, aBoxRequest().pem);
    await approve(asked.body.enrolmentId);
    const { body } = await poll(asked.body.enrolmentId, code);
    const issued = enrolment.parse(body);
    if (issued.status !== 'issued') throw new Error(`the enrolment is ${issued.status}`);
    return issued;
  };
  const whoami = (deviceId: string, linkKey: string) =>
    nobody('GET', '/edge/v1/whoami', undefined, {
      authorization: linkAuthorization(parseDeviceId(deviceId), linkKey),
    });
  return {
    ...site,
    ...served,
    admin,
    cluster,
    claim,
    enrol,
    poll,
    approve,
    letIn,
    whoami,
    link,
    changes,
    root,
  };
}

describe('a claim code', () => {
  it('carries 80 bits in groups that are read over the phone, and is stored as a hash alone', async () => {
    const site = await siteWithCluster();
    const codes = await Promise.all([site.claim(), site.claim()]);
    expect(codes[0]).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(codes[0]).not.toBe(codes[1]);
    expect(JSON.stringify(site.raw.prepare('SELECT * FROM claim_codes').all())).not.toContain(codes[0]);
  });

  it('is understood in lower case, without dashes, and with O and I for 0 and 1', async () => {
    const site = await siteWithCluster();
    const code = (await site.claim())
      .toLowerCase()
      .replaceAll('-', ' ')
      .replaceAll('0', 'o')
      .replaceAll('1', 'i');
    expect((await site.enrol(code, aBoxRequest().pem)).status).toBe(202);
  });

  it('is good for 24 hours', async () => {
    const site = await siteWithCluster();
    const code = await site.claim();
    await site.clock.advance(24 * 3_600_000);
    const answer = await site.enrol(code, aBoxRequest().pem);
    expect(answer).toMatchObject({ status: 410, body: { code: 'edge/claim-expired' } });
  });

  it('bears five bad requests, then it is used up', async () => {
    const site = await siteWithCluster();
    const code = await site.claim();
    for (let tries = 0; tries < 5; tries++)
      expect((await site.enrol(code, 'nonsense')).body.code).toBe('edge/bad-request');
    expect((await site.enrol(code, aBoxRequest().pem)).body.code).toBe('edge/claim-refused');
  });

  it('cannot be guessed at any speed: after twenty refusals the address waits for the minute to end', async () => {
    const site = await siteWithCluster();
    const code = await site.claim();
    const { pem } = aBoxRequest();
    for (let tries = 0; tries < 20; tries++)
      expect((await site.enrol(`0000-0000-0000-00${10 + tries}`, pem)).status).toBe(403);
    expect(await site.enrol(code, pem)).toMatchObject({ status: 429, body: { code: 'edge/too-many' } });
    await site.clock.advance(60_000);
    expect((await site.enrol(code, pem)).status).toBe(202);
  });

  it('serves one box: another key is refused, the same key again is the same request', async () => {
    const site = await siteWithCluster();
    const code = await site.claim();
    const box = aBoxRequest();
    const first = await site.enrol(code, box.pem);
    expect((await site.enrol(code, box.pem)).body).toEqual(first.body);
    expect((await site.enrol(code, aBoxRequest().pem)).body.code).toBe('edge/claim-refused');
    expect(site.raw.prepare('SELECT count(*) AS rows FROM enrolments').get()).toMatchObject({ rows: 1 });
  });
});

describe('an enrolment', () => {
  it('shows the same six words to the box and to the console, and waits for a person', async () => {
    const site = await siteWithCluster();
    const code = await site.claim();
    const { status, body } = await site.enrol(code, aBoxRequest().pem);
    expect(status).toBe(202);
    expect(enrolment.parse(body)).toMatchObject({ status: 'pending' });
    const { body: list } = await site.admin('GET', '/api/v1/enrolments');
    expect(list.enrolments).toMatchObject([
      {
        id: body.enrolmentId,
        clusterName: 'Nhà văn hóa',
        fingerprintWords: body.fingerprintWords,
        hardware: { arch: 'x64' },
        replaces: null,
      },
    ]);
    expect((await site.poll(body.enrolmentId, code)).body).toEqual(body);
  });

  it('hands link key, root and keys to nobody who does not know its claim code', async () => {
    const site = await siteWithCluster();
    const code = await site.claim();
    const { body } = await site.enrol(code, aBoxRequest().pem);
    await site.approve(body.enrolmentId);
    for (const wrong of ['', await site.claim()]) {
      const answer = await site.poll(body.enrolmentId, wrong);
      expect(answer).toMatchObject({ status: 401, body: { code: 'edge/unauthorised' } });
    }
    expect((await site.poll(body.enrolmentId, code)).body).toMatchObject({
      status: 'issued',
      clusterId: site.cluster.id,
      certificatePem: null,
      root: site.root.publicKey,
      keys: 'signed.by.root',
      mqttUrl: 'mqtt://127.0.0.1:1883',
    });
    await site.clock.advance(24 * 3_600_000);
    expect((await site.poll(body.enrolmentId, code)).body.code).toBe('edge/claim-expired');
  });

  it('is decided once, by somebody whose area it is', async () => {
    const site = await siteWithCluster();
    const { body } = await site.enrol(await site.claim(), aBoxRequest().pem);
    const path = `/api/v1/enrolments/${body.enrolmentId}/approval`;
    const neighbour = await site.somebody('admin', 'are_tay');
    expect((await neighbour('POST', path, { wordsAgree: true })).body.code).toBe('people/forbidden');
    expect((await site.admin('POST', path, { wordsAgree: false })).status).toBe(422);
    expect((await site.admin('POST', path, { wordsAgree: true })).status).toBe(201);
    expect((await site.admin('POST', path, { wordsAgree: true })).body.code).toBe('device/enrolment-decided');
    expect((await site.approve('enr_none')).body.code).toBe('device/enrolment-unknown');
  });

  it('that a person refuses tells the box why', async () => {
    const site = await siteWithCluster();
    const code = await site.claim();
    const { body } = await site.enrol(code, aBoxRequest().pem);
    const reason = 'sáu từ không khớp';
    expect(
      (await site.admin('POST', `/api/v1/enrolments/${body.enrolmentId}/refusal`, { reason })).status,
    ).toBe(204);
    expect((await site.poll(body.enrolmentId, code)).body).toMatchObject({ status: 'refused', reason });
  });
});

describe('a box that was let in', () => {
  it('is known by its link key at the broker and on the edge routes, and by nothing else', async () => {
    const site = await siteWithCluster();
    const { deviceId, linkKey } = await site.letIn();
    expect((await site.whoami(deviceId, linkKey)).body).toEqual({ id: deviceId, clusterId: site.cluster.id });
    expect((await site.whoami(deviceId, 'wrong')).body.code).toBe('edge/unauthorised');
    expect((await site.nobody('GET', '/edge/v1/whoami')).status).toBe(401);

    const password = new Secret(linkKey);
    const at = (clientId: string, username: string | undefined, secret: Secret | undefined) =>
      site.link.authenticateLink({ clientId, username, password: secret });
    expect(await at(deviceId, deviceId, password)).toEqual({ role: 'device', deviceId });
    for (const refused of [
      at('box-another', deviceId, password),
      at(deviceId, 'box-another', password),
      at(deviceId, deviceId, new Secret('wrong')),
      at(deviceId, deviceId, new Secret('')),
      at(deviceId, deviceId, undefined),
      at(deviceId, undefined, password),
      at('controller', 'controller', password),
      at('box-none', 'box-none', new Secret('')),
    ])
      expect(await refused).toEqual({ role: 'refused' });
    expect(await at('loa-controller', 'controller', new Secret('of this run'))).toEqual({
      role: 'controller',
    });
  });

  it('replaces the one before it: the cluster stays, the old box is nobody from then on', async () => {
    const site = await siteWithCluster();
    const old = await site.letIn();
    const fresh = await site.letIn();
    expect(site.changes).toEqual([
      { clusterId: site.cluster.id, activated: old.deviceId, ended: undefined },
      { clusterId: site.cluster.id, activated: fresh.deviceId, ended: old.deviceId },
    ]);
    expect((await site.whoami(old.deviceId, old.linkKey)).status).toBe(401);
    expect((await site.whoami(fresh.deviceId, fresh.linkKey)).status).toBe(200);
    const { body } = await site.admin('GET', '/api/v1/devices');
    expect(body.devices.map(({ state }: { state: string }) => state)).toEqual(['replaced', 'active']);
    const { body: cluster } = await site.admin('GET', `/api/v1/clusters/${site.cluster.id}`);
    expect(cluster.device).toEqual({ id: fresh.deviceId, online: false, lastHeardMs: null });
  });

  it('is trusted no more once it is revoked', async () => {
    const site = await siteWithCluster();
    const { deviceId, linkKey } = await site.letIn();
    expect((await site.admin('POST', `/api/v1/devices/${deviceId}/revocation`)).body.state).toBe('revoked');
    expect((await site.whoami(deviceId, linkKey)).status).toBe(401);
    expect(site.changes.at(-1)).toMatchObject({ activated: undefined, ended: deviceId });
    expect((await site.admin('POST', `/api/v1/devices/${deviceId}/revocation`)).status).toBe(409);
    expect((await site.admin('POST', '/api/v1/devices/box-none/revocation')).body.code).toBe(
      'device/unknown',
    );
  });

  it('cannot come back under its old key', async () => {
    const site = await siteWithCluster();
    const box = aBoxRequest();
    const { body } = await site.enrol(await site.claim(), box.pem);
    const { body: device } = await site.approve(body.enrolmentId);
    await site.admin('POST', `/api/v1/devices/${device.id}/revocation`);
    const again = await site.enrol(await site.claim(), box.pem);
    expect(again).toMatchObject({ status: 403, body: { code: 'edge/claim-refused' } });
    expect(again.body.detail).toContain(device.id);
  });

  it('never shows its link key to a person', async () => {
    const site = await siteWithCluster();
    const { linkKey } = await site.letIn();
    for (const path of ['/api/v1/devices', '/api/v1/enrolments', '/api/v1/clusters'])
      expect(JSON.stringify((await site.admin('GET', path)).body)).not.toContain(linkKey);
    expect(JSON.stringify(site.raw.prepare('SELECT * FROM audit').all())).not.toContain(linkKey);
  });
});
