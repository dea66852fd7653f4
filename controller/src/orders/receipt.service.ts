import { openReceipt } from '@loa/contract';
import type { Logger } from '@loa/kernel';
import type { Db } from '../db/database.ts';
import type { LiveEvents } from '../live-events/live-events.service.ts';
import type { Answers } from './answer.service.ts';
import type { Box } from './box.store.ts';

/** Takes the immediate answers of boxes to orders. The same word comes in the journal, for certain. */
export interface Receipts {
  /** Returns why a receipt was refused, or `undefined`. */
  receive(box: Box, jws: string): Promise<string | undefined>;
}

/** Creates the intake of receipts. */
export function createReceipts({
  db,
  answers,
  liveEvents,
  log,
}: {
  readonly db: Db;
  readonly answers: Pick<Answers, 'verdict'>;
  readonly liveEvents: LiveEvents;
  readonly log: Logger;
}): Receipts {
  return {
    async receive(box, jws) {
      const opened = await openReceipt(jws, box.id, box.key);
      if (!opened.ok) {
        log.warn({ deviceId: box.id, code: opened.code, why: opened.why }, 'a receipt was refused');
        return opened.code;
      }
      const { message } = opened;
      if (message.verdict === 'refused')
        log.warn(
          { deviceId: box.id, kind: message.kind, code: message.code, why: message.detail },
          'a box refused an order',
        );
      const news = await db.transaction().execute((tx) => answers.verdict(tx, box, message));
      await liveEvents.publishAll(news);
      return undefined;
    },
  };
}
