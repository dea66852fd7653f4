import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countingId } from '@loa/kernel/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { verifyAudit } from '../audit/audit.service.ts';
import { cookieOf, siteInMemory } from '../http/app-fixture.ts';
import { createFirstSignIn } from './first-sign-in.service.ts';
import { createPeopleRoutes, createSignInRoute } from './people.routes.ts';

async function peopleSite() {
  const site = await siteInMemory();
  const { people, accounts } = site;
  let signIns = 0;
  const onSignedIn = async () => {
    signIns += 1;
  };
  return {
    ...site,
    signIns: () => signIns,
    ...site.serve({
      api: createPeopleRoutes({ people, accounts }),
      pages: [createSignInRoute({ accounts, onSignedIn })],
    }),
  };
}
const pathOf = (url: string) => url.replace('http://loa.test', '');

describe('a one-time sign-in link', () => {
  it('signs a new author in once, by a cookie that scripts cannot read, and is a sentence afterwards', async () => {
    const site = await peopleSite();
    const admin = await site.somebody('admin');
    const made = await admin('POST', '/api/v1/people', { name: 'Lan', role: 'author', areaId: 'are_dong' });
    expect(made.status).toBe(201);
    expect(made.body.person).toMatchObject({ name: 'Lan', grants: [{ role: 'author', areaId: 'are_dong' }] });

    const first = await site.nobody('GET', pathOf(made.body.link.url));
    expect(first.status).toBe(302);
    expect(first.headers.get('location')).toBe('/');
    const [cookie = ''] = first.headers.getSetCookie();
    expect(cookie).toMatch(/^loa\.session_token=.*HttpOnly; SameSite=Lax$/);
    const lan = site.withCookies(cookieOf([cookie]));
    expect((await lan('GET', '/api/v1/me')).body).toEqual(made.body.person);
    expect(site.signIns()).toBe(1);

    const second = await site.nobody('GET', pathOf(made.body.link.url));
    expect(second).toMatchObject({ status: 410, body: { code: 'people/link-used' } });
    expect(second.body.detail).toContain('đã được dùng');
    expect(second.headers.getSetCookie()).toEqual([]);
    const inBrowser = await site.nobody('GET', pathOf(made.body.link.url), undefined, {
      accept: 'text/html',
    });
    expect([inBrowser.status, inBrowser.headers.get('content-type')]).toEqual([
      410,
      'text/html; charset=UTF-8',
    ]);
    expect(inBrowser.body).toContain(second.body.detail);
  });

  it('P12: is for a person whose name is one line, for it goes to boxes with what they order', async () => {
    const site = await peopleSite();
    const admin = await site.somebody('admin');
    const wanted = { name: 'Lan\nAnh', role: 'author', areaId: 'are_dong' };
    expect(await admin('POST', '/api/v1/people', wanted)).toMatchObject({
      status: 422,
      body: { fields: [{ path: 'name' }] },
    });
  });

  it('is stored as a hash alone', async () => {
    const site = await peopleSite();
    const admin = await site.somebody('admin');
    const { body } = await admin('POST', '/api/v1/people', {
      name: 'Lan',
      role: 'author',
      areaId: 'are_dong',
    });
    const token = new URL(body.link.url).searchParams.get('token') ?? '';
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const stored = JSON.stringify(site.raw.prepare('SELECT * FROM people_links').all());
    expect(stored).toContain('magic-link:');
    expect(stored).not.toContain(token);
    expect(JSON.stringify(site.raw.prepare('SELECT * FROM audit').all())).not.toContain(token);
  });

  it('ends 24 hours after it was made', async () => {
    const site = await peopleSite();
    const admin = await site.somebody('admin');
    const { body } = await admin('POST', '/api/v1/people', {
      name: 'Lan',
      role: 'author',
      areaId: 'are_dong',
    });
    expect(body.link.expiresAtMs - site.clock.now().epochMilliseconds).toBe(24 * 3_600_000);
    const row = site.raw
      .prepare('SELECT expiresAt, createdAt FROM people_links ORDER BY createdAt DESC')
      .get();
    const [ends, made] = [row?.['expiresAt'], row?.['createdAt']].map((at) =>
      Temporal.Instant.from(String(at)),
    );
    expect(made?.until(ends ?? made).total('hours')).toBeCloseTo(24, 2);
    site.raw.prepare("UPDATE people_links SET expiresAt = '2020-01-01T00:00:00.000Z'").run();
    expect((await site.nobody('GET', pathOf(body.link.url))).status).toBe(410);
  });

  it('cannot be guessed at any speed: after ten tries in a minute an address waits', async () => {
    const { accounts } = await siteInMemory();
    const kinds = [];
    for (let tries = 0; tries < 11; tries++)
      kinds.push((await accounts.redeem('guess', '198.51.100.1')).kind);
    expect(kinds.at(0)).toBe('used');
    expect(kinds.at(-1)).toBe('too-many');
    expect((await accounts.redeem('guess', '198.51.100.2')).kind).toBe('used');
  });
});

describe('accounts and roles', () => {
  it('nobody is let in without a sign-in', async () => {
    const site = await peopleSite();
    expect(await site.nobody('GET', '/api/v1/me')).toMatchObject({
      status: 401,
      body: { code: 'people/signed-out' },
    });
    expect((await site.nobody('GET', '/api/v1/people')).status).toBe(401);
  });

  it('an author may not make accounts, and an admin of one hamlet not in another', async () => {
    const site = await peopleSite();
    const wanted = { name: 'Lan', role: 'author', areaId: 'are_tay' };
    const author = await site.somebody('author');
    expect(await author('POST', '/api/v1/people', wanted)).toMatchObject({
      status: 403,
      body: { code: 'people/forbidden' },
    });
    const neighbour = await site.somebody('admin', 'are_dong');
    const refused = await neighbour('POST', '/api/v1/people', wanted);
    expect(refused).toMatchObject({ status: 403, body: { code: 'people/forbidden' } });
    expect(refused.body.detail).toContain('Thôn Tây');
    expect((await neighbour('POST', '/api/v1/people', { ...wanted, areaId: 'are_dong' })).status).toBe(201);
  });

  it('an admin of one hamlet may not make a link for whoever holds a role above it', async () => {
    const site = await peopleSite();
    const chief = await site.somebody('admin');
    const { body: me } = await chief('GET', '/api/v1/me');
    const neighbour = await site.somebody('admin', 'are_dong');
    expect((await neighbour('POST', `/api/v1/people/${me.id}/sign-in-link`)).status).toBe(403);
    expect((await chief('POST', `/api/v1/people/${me.id}/sign-in-link`)).status).toBe(201);
    expect((await chief('POST', '/api/v1/people/nobody/sign-in-link')).body.code).toBe('people/unknown');
  });

  it('every field that is not as wanted is named', async () => {
    const site = await peopleSite();
    const admin = await site.somebody('admin');
    const { status, body } = await admin('POST', '/api/v1/people', { name: ' ', role: 'boss' });
    expect(status).toBe(422);
    expect(body.fields.map(({ path }: { path: string }) => path)).toEqual(['name', 'role', 'areaId']);
  });

  it('a page of another site cannot change anything with our cookie', async () => {
    const site = await peopleSite();
    const admin = await site.somebody('admin');
    const wanted = { name: 'Lan', role: 'author', areaId: 'are_dong' };
    const foreign = await admin('POST', '/api/v1/people', wanted, { origin: 'https://evil.example' });
    expect(foreign).toMatchObject({ status: 403, body: { code: 'people/wrong-origin' } });
    expect((await admin('POST', '/api/v1/people', wanted, { origin: 'http://loa.test' })).status).toBe(201);
  });

  it('signing out ends the sign-in at the controller, not only in the browser', async () => {
    const site = await peopleSite();
    const author = await site.somebody('author');
    const answer = await author('POST', '/api/v1/sign-out');
    expect(answer.status).toBe(204);
    expect(answer.headers.getSetCookie().join()).toContain('loa.session_token=; Max-Age=0');
    expect((await author('GET', '/api/v1/me')).status).toBe(401);
  });

  it('who made which account is in the audit chain (P10)', async () => {
    const site = await peopleSite();
    const admin = await site.somebody('admin');
    await admin('POST', '/api/v1/people', { name: 'Lan', role: 'author', areaId: 'are_dong' });
    expect(site.raw.prepare('SELECT action FROM audit').all()).toMatchObject([{ action: 'person.created' }]);
    expect(await verifyAudit(site.db)).toMatchObject({ ok: true, head: { seq: 1 } });
  });
});

describe('a site that nobody has entered', () => {
  async function newSite() {
    const dataDir = await mkdtemp(join(tmpdir(), 'loa-first-'));
    onTestFinished(() => rm(dataDir, { recursive: true }));
    const { db, raw, clock, accounts } = await siteInMemory();
    const site = { name: 'Xã Vĩnh Quang', dataDir, publicUrl: () => 'http://loa.test' };
    const first = createFirstSignIn({ db, clock, newId: countingId(), accounts, site });
    return { raw, first, accounts, file: join(dataDir, 'first-sign-in.txt') };
  }

  it('offers one link for one admin, in a file that only this account reads; there is no password', async () => {
    const { raw, first, accounts, file } = await newSite();
    const url = (await first.offer()) ?? '';
    expect(readFileSync(file, 'utf8')).toBe(`${url}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(raw.prepare('SELECT role, area_id FROM grants').all()).toMatchObject([
      { role: 'admin', area_id: 'are_root' },
    ]);
    expect(raw.prepare('SELECT * FROM people_credentials').all()).toEqual([]);
    const token = new URL(url).searchParams.get('token') ?? '';
    expect((await accounts.redeem(token, '198.51.100.3')).kind).toBe('signed-in');
  });

  it('offers a new link at each start until one was used, and none afterwards', async () => {
    const { raw, first } = await newSite();
    const urls = [await first.offer(), await first.offer()];
    expect(new Set(urls).size).toBe(2);
    expect(raw.prepare('SELECT count(*) AS people FROM people').get()).toMatchObject({ people: 1 });
    await first.done();
    expect(await first.offer()).toBeUndefined();
  });
});
