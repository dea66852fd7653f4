import { countingId } from '@loa/kernel/testing';
import { describe, expect, it } from 'vitest';
import type { Actor } from '../http/access.ts';
import { siteInMemory } from '../http/app-fixture.ts';
import type { ProcedureRecord, Statement } from './procedure.schema.ts';
import { createProcedureRoutes } from './procedures.routes.ts';
import { createProcedures, unverified } from './procedures.service.ts';
import { seedProcedures } from './seed-procedures.service.ts';

async function seededSite() {
  const site = await siteInMemory();
  const { db, clock } = site;
  await seedProcedures({ db, clock, newId: countingId() });
  const procedures = createProcedures({ db, clock });
  const served = site.serve({ api: createProcedureRoutes({ procedures }) });
  const byCode = async (code: string) => {
    const found = (await procedures.list()).find((procedure) => procedure.code === code);
    if (!found) throw new Error(`no ${code}`);
    return found;
  };
  return { ...site, ...served, procedures, byCode };
}

const statementsOf = (record: ProcedureRecord): Statement[] =>
  Object.values(record).flatMap((value) => (Array.isArray(value) ? value : []));
const confirmed = (record: ProcedureRecord): ProcedureRecord =>
  JSON.parse(JSON.stringify(record).replaceAll('"unverified"', '"confirmed"'));

describe('the procedures that Loa brings along', () => {
  it('are drafts that say so, beside the old codes as repealed aliases', async () => {
    const { procedures } = await seededSite();
    const shipped = (await procedures.list()).map(({ code, status, replacedBy }) => [
      code,
      status,
      replacedBy,
    ]);
    expect(shipped).toEqual([
      ['2.002621', 'repealed', '3.000722'],
      ['2.002622', 'repealed', '2.002913'],
      ['2.002913', 'draft', null],
      ['3.000722', 'draft', null],
    ]);
    for (const { status, record, reviewedMs } of await procedures.list()) {
      expect(reviewedMs).toBeNull();
      expect(record.note).toContain('kiểm tra lại trên Cổng Dịch vụ công quốc gia');
      if (status === 'draft') expect(record.note).toContain('Bản nháp');
    }
  });

  it('state nothing without a source that is not marked as unverified, and confirm nothing themselves', async () => {
    const { procedures } = await seededSite();
    const all = (await procedures.list()).flatMap(({ record }) => statementsOf(record));
    expect(all.length).toBeGreaterThan(20);
    for (const { text, standing, source } of all) {
      expect(standing, text).not.toBe('confirmed');
      expect(source?.startsWith('https://') ?? false, text).toBe(standing === 'sourced');
    }
  });

  it('name no amount of money: none was verified', async () => {
    const { procedures } = await seededSite();
    for (const { record } of await procedures.list()) {
      expect(record.fees).toEqual([]);
      expect(JSON.stringify(record)).not.toMatch(/\d\s*(đồng|₫|VND)/i);
    }
  });

  it('end on no day that nobody verified: the note tells when to look again', async () => {
    const { procedures } = await seededSite();
    for (const { status, record } of await procedures.list()) {
      expect(record.validUntil).toBeNull();
      if (status === 'draft')
        expect(record.note).toContain('chưa xác minh: xã cần xem lại trước ngày 01/3/2027');
    }
  });

  it('are added once, and never over what the commune has edited', async () => {
    const { db, clock, procedures, byCode } = await seededSite();
    const birth = await byCode('3.000722');
    const actor: Actor = { userId: 'x', name: 'x', grants: [{ role: 'admin', areaId: 'are_root' }] };
    await procedures.edit(actor, birth.id, { version: 1, title: 'Đã sửa', record: birth.record }, 'test');
    await seedProcedures({ db, clock, newId: countingId() });
    expect(await procedures.list()).toHaveLength(4);
    expect((await byCode('3.000722')).title).toBe('Đã sửa');
  });
});

describe('a procedure', () => {
  it('becomes verified only when no statement is unverified, and names those that are', async () => {
    const site = await seededSite();
    const admin = await site.somebody('admin');
    const birth = await site.byCode('3.000722');
    const path = `/api/v1/procedures/${birth.id}`;
    const early = await admin('POST', `${path}/verification`, { version: 1 });
    expect(early).toMatchObject({ status: 409, body: { code: 'procedure/unverified-facts' } });
    expect(early.body.fields).toEqual(unverified(birth.record));
    expect(early.body.fields.length).toBeGreaterThan(3);

    const edited = await admin('PUT', path, {
      version: 1,
      title: birth.title,
      record: confirmed(birth.record),
    });
    expect(edited.body).toMatchObject({ status: 'draft', version: 2 });
    const verified = await admin('POST', `${path}/verification`, { version: 2 });
    expect(verified.body).toMatchObject({
      status: 'verified',
      version: 2,
      reviewedMs: site.clock.now().epochMilliseconds,
    });
    const again = await admin('PUT', path, { version: 2, title: birth.title, record: birth.record });
    expect(again.body).toMatchObject({ status: 'draft', version: 3, reviewedMs: null, reviewedBy: null });
  });

  it('is not changed by somebody who looked at an older version', async () => {
    const site = await seededSite();
    const admin = await site.somebody('admin');
    const { id, title, record } = await site.byCode('2.002913');
    await admin('PUT', `/api/v1/procedures/${id}`, { version: 1, title: 'A', record });
    const late = await admin('PUT', `/api/v1/procedures/${id}`, { version: 1, title, record });
    expect(late).toMatchObject({ status: 409, body: { code: 'request/stale-version' } });
    expect((await site.byCode('2.002913')).title).toBe('A');
  });

  it('that is repealed cannot be verified, and names what replaced it', async () => {
    const site = await seededSite();
    const admin = await site.somebody('admin');
    const { id } = await site.byCode('2.002621');
    const { status, body } = await admin('POST', `/api/v1/procedures/${id}/verification`, { version: 1 });
    expect([status, body.code]).toEqual([409, 'procedure/not-current']);
    expect(body.detail).toContain('3.000722');
  });

  it('is neither edited nor verified by the admin of a part of the site: it is one for all', async () => {
    const site = await seededSite();
    const admin = await site.somebody('admin', 'are_dong');
    const { id, title, record } = await site.byCode('3.000722');
    const refused = { status: 403, body: { code: 'people/forbidden' } };
    const path = `/api/v1/procedures/${id}`;
    const edit = { version: 1, title, record: confirmed(record) };
    expect(await admin('PUT', path, edit)).toMatchObject(refused);
    expect(await admin('POST', `${path}/verification`, { version: 1 })).toMatchObject(refused);
    expect((await site.byCode('3.000722')).version).toBe(1);
  });

  it('is read by an author and verified by an admin alone', async () => {
    const site = await seededSite();
    const author = await site.somebody('author');
    const { id } = await site.byCode('3.000722');
    expect((await author('GET', '/api/v1/procedures')).body.procedures).toHaveLength(4);
    expect((await author('POST', `/api/v1/procedures/${id}/verification`, { version: 1 })).status).toBe(403);
    expect((await author('GET', '/api/v1/procedures/prc_none')).body.code).toBe('procedure/unknown');
  });
});
