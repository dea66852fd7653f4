import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from './repository.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loa-preflight-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Puts a shell script where npm would link the bundled runtime. */
function installRuntime(script: string): void {
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
  writeFileSync(join(folder, 'node_modules/.bin/node'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'node_modules/.bin/node'), 0o755);
}

/** Runs the preflight on `folder`, as if on the given machine. */
function preflight({
  version = '20.19.2',
  platform = 'linux',
  arch = 'x64',
  path = process.env['PATH'],
} = {}) {
  const stub = join(folder, 'machine.cjs');
  writeFileSync(
    stub,
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });
     Object.defineProperty(process, 'platform', { value: '${platform}' });
     Object.defineProperty(process, 'arch', { value: '${arch}' });
     const Module = require('module');
     const load = Module._load; // Node 12 knows no 'node:' names
     if ('${version}'.startsWith('12.'))
       Module._load = (name, ...rest) => load(name.startsWith('node:') ? './unknown-to-node-12' : name, ...rest);`,
  );
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['-r', stub, join(ROOT, 'scripts/preflight.cjs'), folder],
    { encoding: 'utf8', env: { PATH: path } },
  );
  return { status, stdout, stderr };
}

/** What a machine without the library prints: the loader speaks before Node can. */
const LOADER_ERROR =
  'node: error while loading shared libraries: libatomic.so.1: cannot open shared object file: No such file or directory';

describe('the preflight', () => {
  it('is silent on a machine that has everything', () => {
    installRuntime('echo 26.10.0');
    expect(preflight()).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('passes on this very checkout', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts/preflight.cjs')], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it.each(['18.20.4', '12.22.12'])(
    'names Node 20 on Node %s, before anything else is looked at',
    (version) => {
      expect(preflight({ version })).toEqual({
        status: 2,
        stdout: '',
        stderr: `loa: Node ${version} is too old: install Node 20 or newer with its own npm (Debian 12 packages only Node 18; see https://nodejs.org/en/download), then run "npm ci" again.\n`,
      });
    },
  );

  it('asks for npm ci when nothing is installed', () => {
    const said = 'loa: the packages are not installed yet: run "npm ci" first.\n';
    expect(preflight()).toEqual({ status: 3, stdout: '', stderr: said });
  });

  it('asks for npm ci with optional packages when the bundled runtime is missing', () => {
    mkdirSync(join(folder, 'node_modules'));
    const said = 'loa: the bundled Node runtime is missing: run "npm ci" again, without --omit=optional.\n';
    expect(preflight()).toEqual({ status: 3, stdout: '', stderr: said });
  });

  it('names the package to install when libatomic is missing', () => {
    installRuntime(`echo '${LOADER_ERROR}' >&2; exit 127`);
    const said =
      'loa: the system library libatomic.so.1 is missing: run "apt-get install libatomic1" as root and try again.\n';
    expect(preflight()).toEqual({ status: 4, stdout: '', stderr: said });
  });

  it('passes on what the loader says when the bundled runtime does not start for another reason', () => {
    installRuntime('echo "version GLIBC_2.28 not found" >&2; exit 1');
    const said = 'loa: the bundled Node runtime does not start here: version GLIBC_2.28 not found\n';
    expect(preflight()).toEqual({ status: 5, stdout: '', stderr: said });
  });

  it('asks for npm ci when the installed runtime is from an older checkout', () => {
    installRuntime('echo 24.1.0');
    const said =
      'loa: the bundled Node runtime is 24.1.0, older than this version of Loa needs: run "npm ci" again.\n';
    expect(preflight()).toEqual({ status: 5, stdout: '', stderr: said });
  });

  it("takes the system's own Node 26 on another architecture, and asks for it when it is missing", () => {
    installRuntime('echo 26.10.0');
    expect(preflight({ arch: 'arm64', path: join(folder, 'node_modules/.bin') }).status).toBe(0);
    const said = 'loa: no runtime is shipped for linux/arm64: install Node 26 or newer (found none).\n';
    expect(preflight({ arch: 'arm64', path: folder })).toEqual({ status: 5, stdout: '', stderr: said });
  });
});
