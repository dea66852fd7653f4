import { systemClock } from '@loa/kernel';
import { recordAudit } from '../audit/audit.service.ts';
import { configFrom } from '../config-file.ts';
import { keptSecret } from '../data-dir.ts';
import { createAccounts } from '../people/accounts.ts';
import { signInLink } from '../people/people.service.ts';
import { createPeopleStore } from '../people/people.store.ts';
import { explain, openSite } from './site-folder.ts';

const USAGE = 'usage: node controller/src/cli/people.ts link <name or id>   (LOA_DATA_DIR names the site)\n';

/** `link <name>`: makes a one-time link for somebody who is locked out. Whoever can read the data folder may do it; it is audited. */
async function main(command: string | undefined, wanted: string | undefined): Promise<number> {
  if (command !== 'link' || !wanted) {
    process.stderr.write(USAGE);
    return 2;
  }
  const { dataDir, http } = configFrom(process.env);
  const site = await openSite(dataDir);
  try {
    const people = await createPeopleStore(site.db).all();
    const found = people.filter(({ id, name }) => id === wanted || name === wanted);
    const [person] = found;
    if (!person || found.length > 1) {
      const list = (found.length > 1 ? found : people).map(({ id, name }) => `  ${id}  ${name}`).join('\n');
      process.stderr.write(
        `${found.length} accounts are named ${wanted}; name one of these by its id:\n${list}\n`,
      );
      return 1;
    }
    const isHttps = http.publicUrl?.startsWith('https:') ?? false;
    const accounts = createAccounts({
      db: site.db,
      secret: await keptSecret(dataDir, 'accounts-secret'),
      isHttps,
    });
    const publicUrl = () => http.publicUrl?.replace(/\/$/, '') ?? `http://${http.host}:${http.port}`;
    const { url } = await signInLink({ accounts, clock: systemClock, publicUrl }, person.email);
    await site.db.transaction().execute(async (tx) => {
      const facts = { actor: 'command-line', subject: `person:${person.id}`, origin: 'cli' };
      await recordAudit(tx, systemClock, { ...facts, action: 'person.link-made' });
    });
    process.stdout.write(`${url}\n`);
    return 0;
  } finally {
    await site.close();
  }
}

process.exitCode = await main(process.argv[2], process.argv[3]).catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  return 2;
});
