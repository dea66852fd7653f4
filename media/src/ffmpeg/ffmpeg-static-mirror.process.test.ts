import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { memoryLogger } from '@loa/kernel/testing';
import { expect, it, onTestFinished } from 'vitest';
import { answering } from './answering-fixture.ts';
import { ffmpegLadder } from './ffmpeg-candidates.ts';
import { resolveFfmpeg } from './resolve-ffmpeg.ts';

const ROOT_LOCK = new URL('../../../package-lock.json', import.meta.url);

/** Starts a web server that has what ffmpeg-static's installer asks for. */
async function startMirror() {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.end(url.endsWith('.gz') ? gzipSync(answering()) : 'text');
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(() => void server.close());
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

type Lock = Record<string, { readonly version: string; readonly dependencies?: Record<string, string> }>;

/** Adds the package at `path` of a lockfile, and all that it depends on, to `needed`. */
function addLocked(lock: Lock, path: string, needed: Lock): void {
  const entry = lock[path];
  if (!entry || needed[path]) return;
  needed[path] = entry;
  const above = [...path.matchAll(/node_modules\//g)].map(({ index }) => path.slice(0, index)).reverse();
  for (const name of Object.keys(entry.dependencies ?? {})) {
    const place = [`${path}/`, ...above].map((base) => `${base}node_modules/${name}`).find((at) => lock[at]);
    if (place) addLocked(lock, place, needed);
  }
}

/** Writes a package that wants ffmpeg-static alone, all in the versions that this repository has locked. */
async function writePackage(folder: string): Promise<void> {
  const needed: Lock = {};
  addLocked(JSON.parse(await readFile(ROOT_LOCK, 'utf8')).packages, 'node_modules/ffmpeg-static', needed);
  const root = { dependencies: { 'ffmpeg-static': needed['node_modules/ffmpeg-static']?.version } };
  const lock = { lockfileVersion: 3, packages: { '': root, ...needed } };
  await writeFile(join(folder, 'package.json'), JSON.stringify(root));
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock));
}

/** Runs the npm that runs the tests, or else the one on the PATH. It has only its cache: nothing is downloaded. */
function npmCi(folder: string, mirrorUrl: string) {
  const { npm_execpath, npm_node_execpath = process.execPath, ...env } = process.env;
  const [program, ...before] = npm_execpath ? [npm_node_execpath, npm_execpath] : ['npm'];
  const kept = ['PATH', 'HOME', 'npm_config_cache', 'npm_config_registry', 'npm_config_userconfig'];
  return promisify(execFile)(
    program,
    [...before, 'ci', '--offline', '--ignore-scripts=false', '--no-audit', '--no-fund'],
    {
      cwd: folder,
      env: {
        ...Object.fromEntries(kept.flatMap((key) => (env[key] === undefined ? [] : [[key, env[key]]]))),
        XDG_CACHE_HOME: folder, // where the installer would find an earlier download
        FFMPEG_BINARIES_URL: mirrorUrl,
      },
    },
  );
}

it('ffmpeg-static takes its binary from FFMPEG_BINARIES_URL, and the ladder then uses it', async (test) => {
  const folder = await mkdtemp(join(tmpdir(), 'loa-ffmpeg-static-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const mirror = await startMirror();
  await writePackage(folder);
  try {
    await npmCi(folder, mirror.url);
  } catch (error) {
    if (!String(error).includes('ENOTCACHED')) throw error;
    return test.skip("ffmpeg-static is not in npm's cache, where npm ci leaves it");
  }
  const machine = `${process.platform}-${process.arch}`;
  expect(mirror.asked.map((url) => url.replace(/^\/[^/]+\//, ''))).toEqual([
    `ffmpeg-${machine}.gz`,
    `${machine}.README`,
    `${machine}.LICENSE`,
  ]);
  const path = join(folder, 'node_modules/ffmpeg-static/ffmpeg');
  expect(await readFile(path, 'utf8')).toBe(answering());
  const base = pathToFileURL(join(folder, 'index.js')).href;
  const found = await resolveFfmpeg({ env: {}, log: memoryLogger(), candidates: ffmpegLadder({}, base) });
  expect(found).toMatchObject({ source: 'ffmpeg-static', path });
}, 60_000);
