import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, RandomId } from '@loa/kernel';
import { createAreaStore } from '../areas/area.store.ts';
import { recordAudit } from '../audit/audit.service.ts';
import type { Db } from '../db/database.ts';
import type { Accounts } from './accounts.ts';
import { signInLink } from './people.service.ts';
import { createPeopleStore } from './people.store.ts';

/** The way into a site that nobody has entered yet: there is no default password. */
export interface FirstSignIn {
  /**
   * On a site without people makes one admin over the root area, and returns a one-time link for them, also written to
   * `first-sign-in.txt`. Until that link is used, each start makes a new one; afterwards returns `undefined`.
   */
  offer(): Promise<string | undefined>;
  /** Forgets the file, once somebody has come in. */
  done(): Promise<void>;
}

const FILE = 'first-sign-in.txt';

/** Creates the first way in. */
export function createFirstSignIn({
  db,
  clock,
  newId,
  accounts,
  site,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly newId: RandomId;
  readonly accounts: Accounts;
  readonly site: { readonly name: string; readonly dataDir: string; readonly publicUrl: () => string };
}): FirstSignIn {
  const file = join(site.dataDir, FILE);
  const isWaiting = () =>
    stat(file).then(
      () => true,
      () => false,
    );

  const rootArea = async (): Promise<string> => {
    const root = (await createAreaStore(db).all()).find(({ parent_id }) => parent_id === null);
    if (root) return root.id;
    const id = newId('are');
    const area = {
      id,
      parent_id: null,
      name: site.name,
      kind: 'Xã',
      merged_into: null,
      created_ms: clock.now().epochMilliseconds,
    };
    await db.transaction().execute(async (tx) => {
      await createAreaStore(tx).add(area);
      await recordAudit(tx, clock, {
        ...bySetUp,
        action: 'area.created',
        subject: `area:${id}`,
        after: area,
      });
    });
    return id;
  };

  const makeAdmin = async () => {
    const areaId = await rootArea();
    const id = await accounts.create('Người thiết lập');
    await db.transaction().execute(async (tx) => {
      await createPeopleStore(tx).grant(id, { role: 'admin', areaId }, clock.now().epochMilliseconds);
      await recordAudit(tx, clock, {
        ...bySetUp,
        action: 'person.created',
        subject: `person:${id}`,
        after: { role: 'admin', areaId },
      });
    });
  };

  return {
    async offer() {
      const store = createPeopleStore(db);
      if ((await store.all()).length === 0) await makeAdmin();
      else if (!(await isWaiting())) return undefined;
      const [first] = await store.all();
      if (!first) return undefined;
      const { url } = await signInLink({ accounts, clock, publicUrl: site.publicUrl }, first.email);
      await writeFile(file, `${url}\n`, { mode: 0o600 });
      return url;
    },
    done: () => rm(file, { force: true }),
  };
}

const bySetUp = { actor: 'set-up', origin: 'first-start' } as const;
