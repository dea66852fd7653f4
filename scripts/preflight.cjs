// Runs on whatever Node started npm (even 12), so: CommonJS, old syntax, no dependency.
// Says in one sentence what this machine lacks, before a stack trace would. Takes the root folder, for its tests.
'use strict';

/** Exit codes are part of the interface: tests and CI read them. */
const EXIT = { nodeTooOld: 2, noInstall: 3, noLibatomic: 4, noRuntime: 5 };
const major = (version) => Number(version.split('.')[0]);

function fail(code, sentence) {
  process.stderr.write(`loa: ${sentence}\n`);
  process.exit(code);
}

// Before the first require: Node 12 does not know the `node:` names.
if (major(process.versions.node) < 20)
  fail(
    EXIT.nodeTooOld,
    `Node ${process.versions.node} is too old: install Node 20 or newer with its own npm (Debian 12 packages only Node 18; see https://nodejs.org/en/download), then run "npm ci" again.`,
  );

const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { spawnSync } = require('node:child_process');

const modules = join(process.argv[2] || join(__dirname, '..'), 'node_modules');
const bundled = join(modules, '.bin', 'node');
const isBundled = process.platform === 'linux' && process.arch === 'x64';

if (!existsSync(modules)) fail(EXIT.noInstall, 'the packages are not installed yet: run "npm ci" first.');
if (isBundled && !existsSync(bundled))
  fail(EXIT.noInstall, 'the bundled Node runtime is missing: run "npm ci" again, without --omit=optional.');

const run = spawnSync(isBundled ? bundled : 'node', ['-p', 'process.versions.node'], { encoding: 'utf8' });
const found = (run.stdout || '').trim();
if (/libatomic/.test(run.stderr))
  fail(
    EXIT.noLibatomic,
    'the system library libatomic.so.1 is missing: run "apt-get install libatomic1" as root and try again.',
  );
if (isBundled && run.status !== 0)
  fail(
    EXIT.noRuntime,
    `the bundled Node runtime does not start here: ${(run.stderr || String(run.error)).trim()}`,
  );
if (!(major(found) >= 26))
  fail(
    EXIT.noRuntime,
    isBundled
      ? `the bundled Node runtime is ${found || 'unknown'}, older than this version of Loa needs: run "npm ci" again.`
      : `no runtime is shipped for ${process.platform}/${process.arch}: install Node 26 or newer (found ${found || 'none'}).`,
  );
