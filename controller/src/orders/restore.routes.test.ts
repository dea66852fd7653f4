import { countingId } from '@loa/kernel/testing';
import { describe, expect, it } from 'vitest';
import { siteInMemory } from '../http/app-fixture.ts';
import { createLiveEvents } from '../live-events/live-events.service.ts';
import { aFolder } from '../mqtt/wire-fixture.ts';
import { createRestoreRoutes } from './restore.routes.ts';
import { createRestore } from './restore.service.ts';
import { restoredSetting } from './restored.ts';
import { loadSiteKeys } from './site-keys.service.ts';

describe('the review after a restore', () => {
  it('shows what waits, and lets an administrator end the waiting', async () => {
    const site = await siteInMemory();
    const { db, clock, log } = site;
    const keys = await loadSiteKeys({
      ...site,
      dataDir: await aFolder(),
      siteName: 'Xã',
      newId: countingId(),
    });
    const restore = createRestore({ db, keys, clock, log, liveEvents: createLiveEvents(site) });
    let reviews = 0;
    const { somebody } = site.serve({ api: createRestoreRoutes({ restore, onReviewed: () => reviews++ }) });
    const admin = await somebody('admin');
    expect((await admin('GET', '/api/v1/restore')).body).toEqual({ restored: null });
    await restoredSetting.write(db, { sinceMs: 1, epoch: 2, seen: [] });
    expect((await admin('GET', '/api/v1/restore')).body).toEqual({
      restored: { sinceMs: 1, epoch: 2, seen: [] },
    });
    expect((await (await somebody('author'))('POST', '/api/v1/restore/reviewed')).status).toBe(403);
    expect((await (await somebody('admin', 'are_dong'))('POST', '/api/v1/restore/reviewed')).status).toBe(
      403,
    );
    expect((await admin('POST', '/api/v1/restore/reviewed')).status).toBe(204);
    expect((await admin('POST', '/api/v1/restore/reviewed')).status).toBe(204);
    expect(reviews).toBe(1);
  });
});
