import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Transcoder } from '@loa/media';
import { MediaError } from '@loa/media';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { siteInMemory } from '../http/app-fixture.ts';
import { createRequireBox } from '../http/edge-access.ts';
import { createSoundStore } from './sound.store.ts';
import { createEdgeMediaRoutes, createSoundRoutes } from './sounds.routes.ts';
import { createSounds } from './sounds.service.ts';

const BYTES = Buffer.from(Array.from({ length: 1_000 }, (_, index) => index % 251));
const SHA = createHash('sha256').update(BYTES).digest('hex');
const basic = (id: string, key: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${key}`).toString('base64')}`,
});

/** Stands where no ffmpeg was found: nothing can be prepared. */
const noTranscoder: Transcoder = {
  name: 'transcoder',
  get ffmpeg(): never {
    throw noFfmpeg();
  },
  start() {},
  stop() {},
  transcode: () => Promise.reject(noFfmpeg()),
};
const noFfmpeg = () => new MediaError('no usable ffmpeg was found', { code: 'media/no-ffmpeg' });

async function aLibrary() {
  const site = await siteInMemory();
  const dataDir = await mkdtemp(join(tmpdir(), 'loa-sounds-'));
  onTestFinished(() => rm(dataDir, { recursive: true }));
  const sounds = createSounds({ db: site.db, clock: site.clock, dataDir, transcoder: noTranscoder });
  await mkdir(join(dataDir, 'sounds'));
  await writeFile(sounds.pathOf(SHA), BYTES);
  await createSoundStore(site.db).add({
    ...{ sha256: SHA, byte_length: 1_000, duration_ms: 500, loudness_lufs: -16, true_peak_dbtp: -1.2 },
    ...{ recipe: 'r', made_by: 'chime', peaks: '[0,1]', created_ms: 0 },
  });
  const requireBox = createRequireBox(async (id, key) =>
    id === 'box-1' && key === 'secret' ? { id, cluster_id: 'clu_1' } : undefined,
  );
  const served = site.serve({
    api: createSoundRoutes({ sounds }),
    edge: [createEdgeMediaRoutes({ sounds, requireBox })],
  });
  const fetchRaw = (headers: Record<string, string>, method = 'GET', sha = SHA) =>
    served.app.request(`/edge/v1/media/${sha}`, {
      method,
      headers: { ...basic('box-1', 'secret'), ...headers },
    });
  const files = () => readdir(join(dataDir, 'sounds'));
  return { ...served, fetchRaw, files, author: await served.somebody('author') };
}

let library: Awaited<ReturnType<typeof aLibrary>>;
beforeEach(async () => {
  library = await aLibrary();
});

describe('a sound for a box', () => {
  it('comes whole, under a strong tag, never to change', async () => {
    const answer = await library.fetchRaw({});
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(BYTES);
    expect(answer.headers.get('etag')).toBe(`"${SHA}"`);
    expect(answer.headers.get('content-length')).toBe('1000');
    expect(answer.headers.get('cache-control')).toContain('immutable');
  });

  it('goes on from any byte', async () => {
    const answer = await library.fetchRaw({ range: 'bytes=990-' });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([206, 'bytes 990-999/1000']);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(BYTES.subarray(990));
  });

  it('comes whole when the box holds the beginning of another one', async () => {
    const other = await library.fetchRaw({ range: 'bytes=990-', 'if-range': '"other"' });
    expect(other.status).toBe(200);
    await other.body?.cancel();
    const same = await library.fetchRaw({ range: 'bytes=990-', 'if-range': `"${SHA}"` });
    expect(same.status).toBe(206);
    await same.body?.cancel();
  });

  it('is told by its head alone', async () => {
    const answer = await library.fetchRaw({}, 'HEAD');
    expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([
      200,
      '1000',
      '',
    ]);
  });

  it('is refused beyond its end, unknown, misnamed, or to a stranger, each with its reason', async () => {
    const beyond = await library.fetchRaw({ range: 'bytes=1000-' });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */1000']);
    expect((await library.fetchRaw({}, 'GET', 'f'.repeat(64))).status).toBe(404);
    expect((await library.fetchRaw({}, 'GET', '..%2F..%2Floa.db')).status).toBe(422);
    expect((await library.fetchRaw(basic('box-1', 'guess'))).status).toBe(401);
    expect((await library.nobody('GET', `/edge/v1/media/${SHA}`)).status).toBe(401);
  });
});

describe('a sound for a person', () => {
  it('can be heard, drawn and read about by whoever may read', async () => {
    const path = `/api/v1/sounds/${SHA}`;
    expect((await library.author('GET', path)).status).toBe(200);
    expect((await library.author('GET', `${path}/peaks`)).body).toEqual({ peaks: [0, 1] });
    expect((await library.author('GET', `${path}/facts`)).body).toEqual({
      ...{ sha256: SHA, byteLength: 1_000, durationMs: 500, loudnessLufs: -16, truePeakDbtp: -1.2 },
      madeBy: 'chime',
    });
    expect((await library.nobody('GET', path)).status).toBe(401);
  });

  it('cannot be uploaded where there is no ffmpeg, nor larger than is bearable, and nothing is left behind', async () => {
    const refused = await library.author('POST', '/api/v1/sounds', { not: 'a sound' });
    expect([refused.status, refused.body.code]).toEqual([503, 'media/no-ffmpeg']);
    const huge = { 'content-length': String(201 * 1024 * 1024) };
    expect((await library.author('POST', '/api/v1/sounds', {}, huge)).body.code).toBe('request/too-large');
    expect(await library.files()).toEqual([`${SHA}.ogg`]);
  });
});
