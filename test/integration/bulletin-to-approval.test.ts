import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Controller, createController, readConfig } from '@loa/controller';
import { memoryLogger } from '@loa/kernel/testing';
import { decodeOggOpus, writeWav } from '@loa/media';
import { syntheticSpeech } from '@loa/media/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { body, type Person, signIn } from '../support/person.ts';
import { waitFor } from '../support/wait-for.ts';

let folder: string;
let author: Person;
let leader: Person;
let communeId: string;
let controller: Controller;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-bulletin-'));
  const config = readConfig({ LOA_DATA_DIR: folder, LOA_HTTP_PORT: '0', LOA_BROKER_PORT: '0' }, '');
  controller = createController(config, { log: memoryLogger() });
  const { firstSignInUrl } = await controller.start();
  const admin = await signIn(firstSignInUrl ?? '');
  const { areas } = await body(admin.api.areas.$get());
  communeId = areas[0]?.id ?? '';
  await body(admin.api.clusters.$post({ json: { areaId: communeId, name: 'Thôn Đông' } }));
  const invite = async (name: string, role: 'author' | 'approver') =>
    (await body(admin.api.people.$post({ json: { name, role, areaId: communeId } }))).link.url;
  author = await signIn(await invite('Lan', 'author'));
  leader = await signIn(await invite('Minh', 'approver'));
});
afterAll(async () => {
  expect(await controller.stop()).toEqual([]);
  await rm(folder, { recursive: true });
});

const read = (id: string) => body(author.api.bulletins[':id'].$get({ param: { id } }));
async function rendered(id: string) {
  await body(author.api.bulletins[':id'].render.$post({ param: { id } }));
  return waitFor('the rendering', async () => {
    const bulletin = await read(id);
    return bulletin.state === 'rendering' ? undefined : bulletin;
  });
}

describe('a bulletin', () => {
  it('made from a procedure record sounds at the one loudness within 20 s, and airs as it was approved', async () => {
    const { procedures } = await body(author.api.procedures.$get());
    const procedureId = procedures.find(({ code }) => code === '3.000722')?.id ?? '';
    const draft = await body(
      author.api.bulletins['from-procedure'].$post({
        json: { procedureId, areaId: communeId, length: 'short' },
      }),
    );
    expect(draft).toMatchObject({ state: 'draft', unverified: true, languages: ['vi'] });

    const ready = await rendered(draft.id);
    expect(ready).toMatchObject({ state: 'ready', failure: null });
    const [variant] = ready.rendered;
    expect(variant?.durationMs).toBeGreaterThan(12_000);
    expect(variant?.durationMs).toBeLessThanOrEqual(20_000);
    expect(variant?.spokenText).toContain('vi en e i đi');
    expect(variant?.sounds.map(({ madeBy }) => madeBy)).toEqual([
      'chime',
      expect.stringMatching(/^espeak-ng/),
    ]);
    for (const sound of variant?.sounds ?? []) {
      expect(Math.abs((sound.loudnessLufs ?? 0) + 16)).toBeLessThanOrEqual(0.5);
      expect(sound.truePeakDbtp).toBeLessThanOrEqual(-1);
    }

    const today = Temporal.Now.plainDateISO('Asia/Ho_Chi_Minh');
    const approval = await body(
      author.api.bulletins[':id'].submit.$post({
        param: { id: draft.id },
        json: {
          targets: { areas: [communeId] },
          firstDate: today.toString(),
          lastDate: today.add({ days: 7 }).toString(),
          windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '05:00', to: '06:00' }],
        },
      }),
    );
    expect(approval.manifest).toMatchObject({ unverified: true, version: 1 });
    const { approvals } = await body(leader.api.approvals.$get({ query: { state: 'waiting' } }));
    expect(approvals).toEqual([approval]);
    for (const sha256 of approvals[0]?.manifest.variants[0]?.sounds ?? []) {
      const heard = await leader.fetch(leader.api.sounds[':sha256'].$url({ param: { sha256 } }));
      const { samples } = await decodeOggOpus(new Uint8Array(await heard.arrayBuffer()));
      expect(samples.length).toBeGreaterThan(48_000);
    }
    await body(
      leader.api.approvals[':id'].approve.$post({ param: { id: approval.id }, json: { heardToEnd: true } }),
    );
    const series = await body(
      author.api.series.$post({
        json: {
          bulletinId: draft.id,
          approvalId: approval.id,
          rule: { kind: 'daily' },
          firstDate: today.add({ days: 1 }).toString(),
          lastDate: today.add({ days: 3 }).toString(),
          localTime: '05:30:00',
          targets: { areas: [communeId] },
        },
      }),
    );
    expect(series).toMatchObject({ state: 'active', approvalState: 'approved', class: 'routine' });
  });

  it('that no voice here can speak says so, and is rendered once its author has put that right', async () => {
    const draft = await body(
      author.api.bulletins.$post({
        json: {
          areaId: communeId,
          title: 'Tin bằng tiếng Ba Na',
          variants: [{ language: 'bdq', segments: [{ kind: 'speech', text: 'Tin thử.' }] }],
        },
      }),
    );
    const failed = await rendered(draft.id);
    expect(failed).toMatchObject({
      state: 'failed',
      failure: { code: 'bulletin/no-voice', detail: expect.stringContaining('upload a recording') },
    });
    await body(
      author.api.bulletins[':id'].$patch({
        param: { id: draft.id },
        json: {
          version: 1,
          variants: [{ language: 'vi', segments: [{ kind: 'speech', text: 'Tin thử số 2.' }] }],
        },
      }),
    );
    expect(await rendered(draft.id)).toMatchObject({ state: 'ready', version: 2, failure: null });
  });

  it('takes a recording of a person, and refuses one that arrived broken, losing nothing', async () => {
    const wav = writeWav(syntheticSpeech({ seconds: 2, sampleRateHz: 22_050 }), 22_050);
    const upload = (bytes: Uint8Array) =>
      author.fetch(author.api.sounds.$url(), { method: 'POST', body: Buffer.from(bytes) });
    const kept = (await (await upload(wav)).json()) as { readonly sha256: string };
    expect(kept).toMatchObject({ loudnessLufs: expect.closeTo(-16, 0), madeBy: 'upload by Lan' });

    const broken = await upload(new TextEncoder().encode('<html>not a recording</html>'));
    expect(broken.status).toBe(422);
    expect(await broken.json()).toMatchObject({
      code: 'sound/broken-upload',
      detail: expect.stringContaining('upload the whole file'),
    });
    const { peaks } = await body(author.api.sounds[':sha256'].peaks.$get({ param: { sha256: kept.sha256 } }));
    expect(Math.max(...peaks)).toBeGreaterThan(0.1);
  });
});
