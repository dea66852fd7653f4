import { verifyAudit } from '../audit/audit.service.ts';
import { configFrom } from '../config-file.ts';
import { explain, openSite } from './site-folder.ts';

/** `node controller/src/cli/audit.ts verify`: walks the audit chain; exit code 0 when it is whole, 1 when not, 2 when it cannot be read. */
async function main(command: string | undefined): Promise<number> {
  if (command !== 'verify') {
    process.stderr.write('usage: node controller/src/cli/audit.ts verify   (LOA_DATA_DIR names the site)\n');
    return 2;
  }
  const site = await openSite(configFrom(process.env).dataDir);
  try {
    const verdict = await verifyAudit(site.db);
    if (verdict.ok) {
      process.stdout.write(`whole: ${verdict.head.seq} rows, head ${verdict.head.hash}\n`);
      return 0;
    }
    process.stdout.write(`broken at row ${verdict.seq}: ${verdict.why}\n`);
    return 1;
  } finally {
    await site.close();
  }
}

process.exitCode = await main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  return 2;
});
