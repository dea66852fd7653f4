import { createSigner, linkAuthorization, parseDeviceId } from '@loa/contract';
import { TEST_KEYS } from '@loa/contract/testing';
import { describe, expect, it } from 'vitest';
import { siteInMemory } from '../http/app-fixture.ts';
import { createRequireBox } from '../http/edge-access.ts';
import { createEdgeOrderRoutes } from './edge-order.routes.ts';
import { sha256Of } from './signed-state.ts';
import { createStateStore } from './state.store.ts';

const KEY = Buffer.alloc(32, 7).toString('base64url');
const JWS = 'a signed plan';

async function started() {
  const site = await siteInMemory();
  const { db } = site;
  const taken: string[] = [];
  const { publicKey } = await createSigner(TEST_KEYS.device);
  for (const [index, id] of ['box-1', 'box-2'].entries()) {
    const cluster = `clu-${index}`;
    await db
      .insertInto('clusters')
      .values({
        id: cluster,
        area_id: 'are_dong',
        name: id,
        languages: '["vi"]',
        gain_db: 0,
        calibration_ms: 0,
        warm_up_ms: 0,
        latitude: null,
        longitude: null,
        tags: '[]',
        retired_ms: null,
        created_ms: 0,
      })
      .execute();
    await db
      .insertInto('devices')
      .values({
        id,
        cluster_id: cluster,
        public_x: `${publicKey.x}${index}`,
        kid: `${publicKey.kid}${index}`,
        link_key: KEY,
        certificate_pem: null,
        state: 'active',
        enrolled_ms: 0,
        ended_ms: null,
      })
      .execute();
  }
  await createStateStore(db).keepOriginal({
    sha256: sha256Of(JWS),
    device_id: 'box-1',
    kind: 'plan',
    epoch: 1,
    rev: 1,
    jws: JWS,
    issued_ms: 0,
  });
  const requireBox = createRequireBox(async (id, key) =>
    key === KEY ? db.selectFrom('devices').selectAll().where('id', '=', id).executeTakeFirst() : undefined,
  );
  const restore = { original: async (_: object, jws: string) => void taken.push(jws) };
  const { app } = site.serve({ edge: [createEdgeOrderRoutes({ db, restore, requireBox })] });
  const ask = (method: string, path: string, id: string, body?: string) =>
    app.request(`http://loa.test/edge/v1${path}`, {
      method,
      headers: {
        authorization: linkAuthorization(parseDeviceId(id), KEY),
        'content-type': 'application/jose',
      },
      ...(body === undefined ? {} : { body }),
    });
  return { ask, app, taken };
}

describe('a signed order by its hash', () => {
  it('is served to the box that it is for, and to no other', async () => {
    const { ask, app } = await started();
    const own = await ask('GET', `/orders/${sha256Of(JWS)}`, 'box-1');
    expect([own.status, await own.text()]).toEqual([200, JWS]);
    expect((await ask('GET', `/orders/${sha256Of(JWS)}`, 'box-2')).status).toBe(404);
    expect((await ask('GET', `/orders/${sha256Of('none')}`, 'box-1')).status).toBe(404);
    expect((await app.request(`http://loa.test/edge/v1/orders/${sha256Of(JWS)}`)).status).toBe(401);
  });

  it('comes up from a box only as the text that its hash names', async () => {
    const { ask, taken } = await started();
    expect((await ask('PUT', `/originals/${sha256Of(JWS)}`, 'box-1', JWS)).status).toBe(204);
    expect((await ask('PUT', `/originals/${sha256Of(JWS)}`, 'box-1', 'another')).status).toBe(422);
    expect(taken).toEqual([JWS]);
  });
});
