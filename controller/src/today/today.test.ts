import { beforeEach, describe, expect, it } from 'vitest';
import { contentSite, SUBMISSION } from '../content-fixture.ts';
import type { Tables } from '../db/tables.ts';

let site: Awaited<ReturnType<typeof contentSite>>;
let seriesId: string;
let bulletin: {
  readonly id: string;
  readonly rendered: ReadonlyArray<{ readonly sounds: readonly string[] }>;
};
let sound: string;

const at = (local: string) =>
  Temporal.PlainDateTime.from(local).toZonedDateTime('Asia/Ho_Chi_Minh').epochMilliseconds;
const START = at('2026-01-06T05:30');

/** A row without what the database counts itself. */
type Row<Table extends keyof Tables> = Omit<Tables[Table], Table extends 'ledger' ? 'id' : never>;
const add = <Table extends keyof Tables>(table: Table, row: Row<Table>) =>
  site.db
    .insertInto(table)
    .values(row as never)
    .execute();
const planned = (id: string, over: Partial<Row<'occurrences'>> = {}) =>
  add('occurrences', {
    ...{
      id,
      cluster_id: 'clu_dong',
      series_id: seriesId,
      root_series_id: seriesId,
      bulletin_id: bulletin.id,
    },
    ...{ original_start_ms: START, starts_at_ms: START, planned_ms: 10_000, class: 'routine' as const },
    ...{ state: 'planned' as const, title: 'Họp thôn', created_ms: 0 },
    ...over,
  });
const reported = (occurrenceId: string, over: Partial<Row<'ledger'>> = {}) =>
  add('ledger', {
    ...{ occurrence_id: occurrenceId, cluster_id: 'clu_dong', device_id: 'box-1', result: 'played' },
    ...{ reason: 'complete', evidence: 'sink', planned_at_ms: START, started_at_ms: START + 12 },
    ...{ ended_at_ms: START + 10_012, start_error_ms: 12, heard_ms: 10_000, airing: null, origin: '{}' },
    ...{ detail: '', journal_id: 'j1', seq: 1, recorded_ms: START + 11_000 },
    ...over,
  });
const day = async (date = '2026-01-06') => (await site.leader('GET', `/api/v1/today?date=${date}`)).body;
const theOne = async () => (await day()).clusters[0].occurrences[0];

beforeEach(async () => {
  site = await contentSite();
  bulletin = await site.written(site.author);
  const { body } = await site.author('POST', `/api/v1/bulletins/${bulletin.id}/submit`, SUBMISSION);
  sound = body.manifest.variants[0].sounds[0];
  await site.leader('POST', `/api/v1/approvals/${body.id}/approve`, { heardToEnd: true });
  const series = await site.author('POST', '/api/v1/series', {
    ...{ bulletinId: bulletin.id, approvalId: body.id, rule: { kind: 'once' }, localTime: '05:30:00' },
    ...{ firstDate: '2026-01-06', lastDate: '2026-01-06', targets: SUBMISSION.targets },
  });
  seriesId = series.body.id;
  await add('devices', {
    ...{ id: 'box-1', cluster_id: 'clu_dong', public_x: 'x', kid: 'k', link_key: '', certificate_pem: null },
    ...{ state: 'active', enrolled_ms: 0, ended_ms: null },
  });
});

describe('the day', () => {
  it('shows every hamlet with what it plays, as long as nothing is known of the boxes', async () => {
    await planned('occ_1');
    expect(await day()).toEqual({
      site: { name: 'Vĩnh Quang', timeZone: 'Asia/Ho_Chi_Minh' },
      date: '2026-01-06',
      nowMs: site.clock.now().epochMilliseconds,
      clusters: [
        {
          ...{ id: 'clu_dong', name: 'clu_dong', areaName: 'Thôn Đông' },
          ...{ online: null, clock: null, lastHeardMs: null, plan: null },
          occurrences: [
            {
              ...{ id: 'occ_1', title: 'Họp thôn', class: 'routine', language: 'vi', startsAtMs: START },
              ...{ plannedMs: 10_000, bulletinId: bulletin.id, sounds: [sound], ready: false },
              ...{ state: 'planned', outcome: null },
            },
          ],
        },
        {
          ...{ id: 'clu_tay', name: 'clu_tay', areaName: 'Thôn Tây' },
          ...{ online: null, clock: null, lastHeardMs: null, plan: null, occurrences: [] },
        },
      ],
    });
  });

  it('goes from midnight to midnight of the site, and is today when none is named', async () => {
    await planned('first', { starts_at_ms: at('2026-01-06T00:00') });
    await planned('last', { starts_at_ms: at('2026-01-06T23:59:59') });
    await planned('yesterday', { starts_at_ms: at('2026-01-05T23:59:59') });
    await planned('tomorrow', { starts_at_ms: at('2026-01-07T00:00') });
    const idsOf = (body: Awaited<ReturnType<typeof day>>) =>
      body.clusters[0].occurrences.map(({ id }: { id: string }) => id);
    expect(idsOf(await day())).toEqual(['first', 'last']);
    const { body } = await site.leader('GET', '/api/v1/today');
    expect([body.date, idsOf(body)]).toEqual(['2026-01-05', ['yesterday']]);
    expect((await site.leader('GET', '/api/v1/today?date=2026-02-30')).status).toBe(422);
  });

  it('calls an occurrence ready when the box holds the newest plan and every sound', async () => {
    await planned('occ_1');
    const plan = {
      device_id: 'box-1',
      kind: 'plan',
      epoch: 1,
      rev: 4,
      jws: '',
      digest: '',
      content_hash: '',
    };
    const rest = { issued_ms: 0, refused_code: null, attempts: 0, next_send_ms: null };
    await add('device_states', { ...plan, ...rest, held_epoch: 1, held_rev: 3 });
    await add('device_media', {
      device_id: 'box-1',
      sha256: sound,
      state: 'held',
      code: null,
      updated_ms: 0,
    });
    expect((await day()).clusters[0].plan).toEqual({ rev: 4, held: false });
    expect((await theOne()).ready).toBe(false);
    await site.db.updateTable('device_states').set({ held_rev: 4 }).execute();
    expect((await theOne()).ready).toBe(true);
    await site.db.updateTable('device_media').set({ state: 'failed', code: 'media/hash-differs' }).execute();
    expect((await theOne()).ready).toBe(false);
    const { body } = await site.leader('GET', '/api/v1/occurrences/occ_1');
    expect(body.readiness).toEqual({
      ...{ planHeld: true, soundsWanted: 1, soundsHeld: 0, fault: 'media/hash-differs' },
    });
  });

  it('shows it playing from the claim, and its newest outcome afterwards', async () => {
    await planned('occ_1');
    await site.clock.advance(START - site.clock.now().epochMilliseconds + 1_000);
    expect((await theOne()).state).toBe('due');
    await add('journal_events', {
      ...{ device_id: 'box-1', journal_id: 'j1', seq: 1, at_ms: START, clock: 'trusted', boot_id: 'b' },
      ...{
        kind: 'claim',
        body: JSON.stringify({ kind: 'claim', occurrenceId: 'occ_1' }),
        received_ms: START,
      },
    });
    expect((await theOne()).state).toBe('playing');
    await reported('occ_1', { result: 'partial', reason: 'local-stop', heard_ms: 4_000 });
    await reported('occ_1', { seq: 2 });
    expect(await theOne()).toMatchObject({
      state: 'ended',
      outcome: {
        ...{ result: 'played', reason: 'complete', evidence: 'sink' },
        ...{ startedAtMs: START + 12, startErrorMs: 12, heardMs: 10_000 },
      },
    });
    const { body } = await site.leader('GET', '/api/v1/occurrences/occ_1');
    expect(body.history.map(({ result }: { result: string }) => result)).toEqual(['partial', 'played']);
    expect(body).toMatchObject({ clusterId: 'clu_dong', clusterName: 'clu_dong', seriesId, state: 'ended' });
  });

  it('shows what was withdrawn, and nothing to hear for a hamlet that speaks none of its languages', async () => {
    await planned('occ_1', { state: 'withdrawn' });
    await site.db.updateTable('clusters').set({ languages: '["bdq"]' }).execute();
    expect(await theOne()).toMatchObject({ state: 'withdrawn', language: '', sounds: [], ready: false });
  });

  it('shows the presence of the box', async () => {
    await add('device_presence', {
      ...{ device_id: 'box-1', online: 1, birth: 1, boot_id: null, instance_id: null, agent_version: null },
      ...{ clock: 'holdover', last_heard_ms: 5, since_ms: 0, alarm: null },
    });
    expect((await day()).clusters[0]).toMatchObject({ online: true, clock: 'holdover', lastHeardMs: 5 });
  });
});

it('an occurrence that is not there is told so', async () => {
  const { status, body } = await site.leader('GET', '/api/v1/occurrences/occ_none');
  expect([status, body.code]).toEqual([404, 'occurrence/unknown']);
});
