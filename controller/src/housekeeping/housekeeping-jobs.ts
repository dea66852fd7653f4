import type { DatabaseSync } from 'node:sqlite';
import type { Clock, Logger } from '@loa/kernel';
import type { Config } from '../config.ts';
import type { Db } from '../db/database.ts';
import type { Job } from '../jobs/jobs.ts';
import type { LiveEvents } from '../live-events/live-events.service.ts';
import { backUp } from './backup.ts';
import { createRetentionStore } from './retention.store.ts';

const DAY_MS = 86_400_000;
/** A console that was away for longer reloads everything anyway. */
const LIVE_EVENTS_KEPT_MS = 7 * DAY_MS;

/** Returns what is done each night: first the backup, so that nothing is deleted that no copy holds. */
export function housekeepingJobs({
  database,
  folder,
  keep,
  timeZone,
  liveEvents,
  world: { clock, log },
}: {
  readonly database: { readonly db: Db; readonly raw: DatabaseSync };
  readonly folder: string;
  readonly keep: Config['keep'];
  readonly timeZone: string;
  readonly liveEvents: Pick<LiveEvents, 'prune'>;
  readonly world: { readonly clock: Clock; readonly log: Logger };
}): readonly Job[] {
  const daysAgoMs = (days: number) => clock.now().epochMilliseconds - days * DAY_MS;
  return [
    {
      name: 'backup',
      cron: '15 1 * * *',
      timeZone,
      async run() {
        const day = clock.now().toZonedDateTimeISO(timeZone).toPlainDate();
        const path = await backUp({ raw: database.raw, folder, day, keepDays: keep.backupDays });
        log.info({ path }, 'the database was backed up and the copy checked');
      },
    },
    {
      name: 'retention',
      cron: '45 1 * * *',
      timeZone,
      async run() {
        const store = createRetentionStore(database.db);
        const gone = {
          liveEvents: await liveEvents.prune(clock.now().epochMilliseconds - LIVE_EVENTS_KEPT_MS),
          journalEvents: await store.dropJournalEvents(daysAgoMs(keep.journalDays)),
          signedOrders: await store.dropSignedOrders(daysAgoMs(keep.journalDays)),
        };
        log.info(gone, 'what was kept long enough is gone');
      },
    },
  ];
}
