import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { deviceId, type SoundRef } from '@loa/contract';
import { Secret, systemClock } from '@loa/kernel';
import { afterEach, describe, expect, it } from 'vitest';
import { aJournal } from '../journal/journal-rig.ts';
import { asBox } from '../link/as-box.ts';
import { createHttp } from '../link/http.ts';
import { tempFolder } from '../temp-folder.ts';
import { createDownload } from './download.ts';
import { createMediaFolder } from './media-folder.ts';
import { createPatience } from './patience.ts';
import { createPrefetch, type WantedSound } from './prefetch.ts';

type Answer = (response: ServerResponse, from: number) => void;
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const BODY = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251));
const soundOf = (body: Uint8Array, neededAtMs = 0): WantedSound => ({
  sha256: createHash('sha256').update(body).digest('hex') as SoundRef['sha256'],
  bytes: body.length,
  durationMs: 1000,
  neededAtMs,
});

/** A controller that answers media requests one after another as told, the last one for ever. */
async function aServer(...answers: Answer[]) {
  const asked: { path: string; range: string | undefined; authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const { range, authorization } = request.headers;
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    asked.push({ path: request.url ?? '', range, authorization });
    answer?.(response, Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    asked,
    /** Breaks every connection. */
    cut: () => server.closeAllConnections(),
  };
}

const whole =
  (body: Uint8Array = BODY): Answer =>
  (response, from) => {
    response.writeHead(
      from > 0 ? 206 : 200,
      from > 0 ? { 'content-range': `bytes ${from}-${body.length - 1}/${body.length}` } : {},
    );
    response.end(body.subarray(from));
  };
/** Sends a part and then nothing, for ever. */
const standStill: Answer = (response) => {
  response.writeHead(200, { 'content-length': BODY.length });
  response.write(BODY.subarray(0, 100));
};
const status =
  (code: number): Answer =>
  (response) =>
    response.writeHead(code).end('{}');

async function aCache(url: string, { budgetBytes = 1e9, patienceMs = 30_000, dir = tempFolder() } = {}) {
  const { database, journal, all, log } = aJournal();
  const folder = createMediaFolder({ dir, database });
  await folder.open();
  const request = asBox(createHttp({ controllerUrl: url }), {
    device: deviceId.parse('box-0001'),
    linkKey: new Secret('k'),
  });
  const patience = createPatience({ clock: systemClock, ms: patienceMs });
  const cache = createPrefetch({
    folder,
    download: createDownload({ request, patience, count: () => {} }),
    journal,
    budgetBytes: () => budgetBytes,
    firstPauseMs: 20,
    clock: systemClock,
    log,
  });
  await cache.start();
  stops.push(async () => cache.stop(new AbortController().signal));
  const told = () => all().map(({ state, code }) => `${state} ${code ?? ''}`.trim());
  return { cache, folder, told, dir, log };
}
const soon = { timeout: 15_000 };

describe('the sounds of a box', () => {
  it('are fetched with its own authorisation, checked, and told', async () => {
    const { url, asked } = await aServer(whole());
    const { cache, told } = await aCache(url);
    const sound = soundOf(BODY);
    cache.want('plan', [sound]);
    await expect.poll(() => cache.path(sound.sha256), soon).toBeDefined();
    expect(readFileSync(String(cache.path(sound.sha256)))).toEqual(BODY);
    expect(asked[0]).toMatchObject({
      path: `/edge/v1/media/${sound.sha256}`,
      authorization: expect.stringMatching(/^Basic /),
    });
    expect(told()).toEqual(['held']);
  });

  const arrived = (path: string) =>
    expect.poll(() => existsSync(path) && statSync(path).size, soon).toBe(100);

  it('go on where a cut download ended', async () => {
    const { url, asked, cut } = await aServer(standStill, whole());
    const { cache, told, folder } = await aCache(url);
    const sound = soundOf(BODY);
    cache.want('plan', [sound]);
    await arrived(folder.partial(sound.sha256));
    cut();
    await expect.poll(told, soon).toEqual(['held']);
    expect(asked.map(({ range }) => range)).toEqual([undefined, 'bytes=100-']);
  });

  it('begin anew when the controller does not resume', async () => {
    const anew: Answer = (response) => response.writeHead(200).end(BODY);
    const { url, cut } = await aServer(standStill, anew);
    const { cache, told, folder } = await aCache(url);
    const sound = soundOf(BODY);
    cache.want('plan', [sound]);
    await arrived(folder.partial(sound.sha256));
    cut();
    await expect.poll(told, soon).toEqual(['held']);
  });

  it('that stand still are asked for again', async () => {
    const { url, asked } = await aServer(standStill, whole());
    const { cache, told } = await aCache(url, { patienceMs: 200 });
    cache.want('plan', [soundOf(BODY)]);
    await expect.poll(told, soon).toEqual(['held']);
    expect(asked.at(-1)?.range).toBe('bytes=100-');
  });

  it('whose hash differs are deleted, told, and tried again from the start', async () => {
    const other = Buffer.from(BODY);
    other[500] = (other[500] ?? 0) ^ 1;
    const { url, asked } = await aServer(whole(other), whole());
    const { cache, told, folder } = await aCache(url);
    const sound = soundOf(BODY);
    cache.want('plan', [sound]);
    await expect.poll(told, soon).toEqual(['failed media/hash-differs', 'held']);
    expect(asked.map(({ range }) => range)).toEqual([undefined, undefined]);
    expect(existsSync(folder.partial(sound.sha256))).toBe(false);
  });

  it('that are longer than promised are dropped as soon as that is seen', async () => {
    const { url } = await aServer(whole(Buffer.concat([BODY, BODY])), whole());
    const { cache, told } = await aCache(url);
    cache.want('plan', [soundOf(BODY)]);
    await expect.poll(told, soon).toEqual(['failed media/hash-differs', 'held']);
  });

  it('that the controller does not have are told once and asked for again', async () => {
    const { url } = await aServer(status(404), status(404), whole());
    const { cache, told } = await aCache(url);
    cache.want('plan', [soundOf(BODY)]);
    await expect.poll(told, soon).toEqual(['failed media/not-found', 'held']);
  });

  it('that are needed first come first', async () => {
    const { url, asked } = await aServer((response) => response.writeHead(404).end());
    const { cache } = await aCache(url);
    const [a, b, c] = [3, 1, 2].map((at) => soundOf(Buffer.from(`sound ${at}`), at));
    cache.want(
      'plan',
      [a, b, c].flatMap((sound) => sound ?? []),
    );
    await expect.poll(() => asked.length, soon).toBeGreaterThanOrEqual(3);
    expect(asked.slice(0, 3).map(({ path }) => path.split('/').at(-1))).toEqual([
      b?.sha256,
      c?.sha256,
      a?.sha256,
    ]);
  });

  it('nobody wants any more make room, the ones that are wanted do not', async () => {
    const bodies = [Buffer.alloc(40_000, 1), Buffer.alloc(40_000, 2), Buffer.alloc(40_000, 3)];
    const [old, wanted, fresh] = bodies.map((body) => soundOf(body));
    if (!old || !wanted || !fresh) throw new TypeError('sounds');
    const byName = new Map([old, wanted, fresh].map((sound, index) => [sound.sha256, bodies[index] ?? BODY]));
    const dir = tempFolder();
    for (const [name, body] of byName) if (name !== fresh.sha256) writeFileSync(join(dir, name), body);
    const { url } = await aServer(whole(bodies[2]));
    const { cache, told } = await aCache(url, { dir, budgetBytes: 90_000 });
    cache.want('plan', [wanted, fresh]);
    await expect.poll(told, soon).toEqual(['evicted', 'held']);
    expect([old, wanted, fresh].map(({ sha256 }) => cache.path(sha256) !== undefined)).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('that were damaged on the disk are fetched again; one that is merely undecodable is not', async () => {
    const { url, asked } = await aServer(whole());
    const { cache, told } = await aCache(url);
    const sound = soundOf(BODY);
    cache.want('plan', [sound]);
    await expect.poll(told, soon).toEqual(['held']);
    await cache.distrust(sound.sha256);
    expect(cache.path(sound.sha256)).toBeDefined();
    writeFileSync(String(cache.path(sound.sha256)), 'rot');
    await cache.distrust(sound.sha256);
    await expect
      .poll(told, soon)
      .toEqual(['held', 'failed media/unreadable', 'failed media/unreadable', 'held']);
    expect(asked).toHaveLength(2);
  });

  it('that can never fit are refused at once', async () => {
    const { url, asked } = await aServer(whole());
    const { cache, told } = await aCache(url, { budgetBytes: 1000 });
    cache.want('plan', [soundOf(BODY)]);
    await expect.poll(told, soon).toEqual(['failed media/too-large']);
    expect(asked).toEqual([]);
  });
});
