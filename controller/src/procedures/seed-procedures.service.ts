import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Clock, RandomId } from '@loa/kernel';
import { recordAudit } from '../audit/audit.service.ts';
import type { Db } from '../db/database.ts';
import { procedureSeed } from './procedure.schema.ts';
import { createProcedureStore } from './procedure.store.ts';

const FOLDER = new URL('./seed/', import.meta.url);

/** Adds the records that are shipped with Loa and not there yet; one that is there, edited or not, is left as it is. */
export async function seedProcedures({
  db,
  clock,
  newId,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly newId: RandomId;
}): Promise<void> {
  const names = (await readdir(fileURLToPath(FOLDER))).filter((name) => name.endsWith('.json')).sort();
  const seeds = await Promise.all(
    names.map(async (name) => procedureSeed.parse(JSON.parse(await readFile(new URL(name, FOLDER), 'utf8')))),
  );
  await db.transaction().execute(async (tx) => {
    const store = createProcedureStore(tx);
    const known = new Set((await store.all()).map(({ code }) => code));
    for (const seed of seeds.filter(({ code }) => !known.has(code))) {
      const id = newId('prc');
      await store.add({
        id,
        code: seed.code,
        version: 1,
        title: seed.title,
        status: seed.status,
        replaced_by: seed.replacedBy,
        record: JSON.stringify(seed.record),
        reviewed_ms: null,
        reviewed_by: null,
        updated_ms: clock.now().epochMilliseconds,
      });
      const facts = { actor: 'set-up', subject: `procedure:${id}`, origin: 'shipped' };
      await recordAudit(tx, clock, { ...facts, action: 'procedure.added', after: { code: seed.code } });
    }
  });
}
