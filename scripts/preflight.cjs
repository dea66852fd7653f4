// Runs on whatever Node started npm (18, 20, 26 ...), so: CommonJS, old syntax, no dependency.
// Says in one sentence what this machine lacks, before a stack trace would.
'use strict';
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { spawnSync } = require('node:child_process');

/** Exit codes are part of the interface: tests and CI read them. */
const EXIT = { nodeTooOld: 2, noInstall: 3, noLibatomic: 4, architecture: 5 };

function fail(code, sentence) {
  process.stderr.write(`loa: ${sentence}\n`);
  process.exit(code);
}

const major = Number(process.versions.node.split('.')[0]);
if (major < 20)
  fail(
    EXIT.nodeTooOld,
    `Node ${process.versions.node} is too old to install Loa: Node 20 or newer (with its npm) is needed.`,
  );

const bin = join(__dirname, '..', 'node_modules', '.bin', 'node');
if (!existsSync(join(__dirname, '..', 'node_modules')))
  fail(EXIT.noInstall, 'the packages are not installed yet: run "npm ci" first.');

if (process.platform === 'linux' && process.arch === 'x64') {
  if (!existsSync(bin))
    fail(EXIT.noInstall, 'the bundled Node runtime is missing: run "npm ci" again without --omit=optional.');
  const run = spawnSync(bin, ['-p', 'process.versions.node'], { encoding: 'utf8' });
  if (/libatomic/.test(run.stderr || ''))
    fail(
      EXIT.noLibatomic,
      'the system library libatomic.so.1 is missing: run "apt-get install libatomic1" (as root) and try again.',
    );
  if (run.status !== 0)
    fail(EXIT.architecture, `the bundled Node runtime does not start here: ${(run.stderr || String(run.error)).trim()}`);
} else {
  const run = spawnSync('node', ['-p', 'process.versions.node'], { encoding: 'utf8' });
  const found = (run.stdout || '').trim();
  if (!(Number(found.split('.')[0]) >= 26))
    fail(
      EXIT.architecture,
      `no runtime is shipped for ${process.platform}/${process.arch}: install Node 26 or newer (found ${found || 'none'}).`,
    );
}
