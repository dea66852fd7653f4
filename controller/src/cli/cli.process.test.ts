import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Secret, systemClock } from '@loa/kernel';
import { expect, it, onTestFinished } from 'vitest';
import { recordAudit } from '../audit/audit.service.ts';
import { keptSecret } from '../data-dir.ts';
import { openDatabase } from '../db/database.ts';
import { createAccounts } from '../people/accounts.ts';

/** A site on disk with one person and three audited acts, its controller "running": the database stays open. */
async function aSite() {
  const dataDir = await mkdtemp(join(tmpdir(), 'loa-cli-'));
  const { db, raw, close } = await openDatabase(join(dataDir, 'loa.db'));
  onTestFinished(async () => {
    await close();
    await rm(dataDir, { recursive: true });
  });
  const secret: Secret = await keptSecret(dataDir, 'accounts-secret');
  const accounts = createAccounts({ db, secret, isHttps: false });
  await accounts.migrate();
  await accounts.create('Lan');
  for (const action of ['one', 'two', 'three'])
    await recordAudit(db, systemClock, { actor: 'a', action, subject: 's', origin: 'test' });
  /** Runs a command line to its end. */
  const run = (file: string, ...args: string[]) =>
    new Promise<{ code: number; out: string; complaints: string }>((resolve) => {
      const path = fileURLToPath(new URL(file, import.meta.url));
      const env = { LOA_DATA_DIR: dataDir };
      const child = execFile(process.execPath, [path, ...args], { env }, (_error, out, complaints) =>
        resolve({ code: child.exitCode ?? -1, out, complaints }),
      );
    });
  return { raw, accounts, run };
}

it('audit verify says that the chain is whole, and names the first row that was changed (P10)', async () => {
  const { raw, run } = await aSite();
  expect(await run('audit.ts', 'verify')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^whole: 3 rows, head [0-9a-f]{64}\n$/),
  });
  raw.exec("UPDATE audit SET actor = 'somebody else' WHERE seq = 2");
  expect(await run('audit.ts', 'verify')).toMatchObject({
    code: 1,
    out: 'broken at row 2: its content was changed\n',
  });
  expect(await run('audit.ts')).toMatchObject({ code: 2, complaints: expect.stringContaining('usage:') });
}, 30_000);

it('people link lets somebody in who is locked out, and leaves a trace', async () => {
  const { raw, accounts, run } = await aSite();
  const { code, out } = await run('people.ts', 'link', 'Lan');
  expect(code).toBe(0);
  const token = new URL(out.trim()).searchParams.get('token') ?? '';
  expect((await accounts.redeem(token, '198.51.100.9')).kind).toBe('signed-in');
  expect(raw.prepare('SELECT action, actor FROM audit ORDER BY seq DESC').get()).toMatchObject({
    action: 'person.link-made',
    actor: 'command-line',
  });
  const unknown = await run('people.ts', 'link', 'Nobody');
  expect(unknown).toMatchObject({ code: 1, complaints: expect.stringContaining('Lan') });
}, 30_000);
