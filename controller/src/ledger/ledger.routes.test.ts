import { describe, expect, it } from 'vitest';
import { siteInMemory } from '../http/app-fixture.ts';
import { createLedgerRoutes } from './ledger.routes.ts';
import { createLedger } from './ledger.service.ts';

async function started() {
  const site = await siteInMemory();
  const ledger = createLedger(site);
  return site.serve({ api: createLedgerRoutes({ ledger, timeZone: 'Asia/Ho_Chi_Minh' }) });
}

describe('the as-broadcast record by HTTP', () => {
  it('is there for a day, and says what is no day', async () => {
    const { somebody } = await started();
    const author = await somebody('author');
    expect(await author('GET', '/api/v1/as-broadcast?date=2026-01-05')).toMatchObject({
      status: 200,
      body: { rows: [] },
    });
    expect((await author('GET', '/api/v1/as-broadcast?date=2026-02-30')).status).toBe(422);
    expect((await author('GET', '/api/v1/occurrences/unknown/outcome')).status).toBe(404);
  });
});
