import { type JournalBatch, type JournalEvent, openJournal } from '@loa/contract';
import type { Clock, Logger } from '@loa/kernel';
import { z } from 'zod';
import type { Db } from '../db/database.ts';
import type { LiveEventBody, LiveEvents } from '../live-events/live-events.service.ts';
import type { Answers } from '../orders/answer.service.ts';
import type { Box } from '../orders/box.store.ts';
import type { Restore } from '../orders/restore.service.ts';
import type { Presence } from '../telemetry/presence.service.ts';
import { contiguousTo } from './contiguous.ts';
import { createJournalStore } from './journal.store.ts';
import { createDeviceMediaStore } from './media.store.ts';
import { recordOutcome } from './outcome-rows.ts';

/** Takes in what boxes wrote down. */
export interface JournalIntake {
  /**
   * Verifies a batch, commits it with everything that follows from it, and only then acknowledges (P5).
   * Returns why it was refused, or `undefined`.
   */
  receive(box: Box, jws: string): Promise<string | undefined>;
}

const lostSpan = z.object({ from: z.int(), to: z.int() });
type AnyEvent = JournalBatch['events'][number];
const isFamiliar = (event: AnyEvent): event is JournalEvent => event.kind !== 'unfamiliar';

/** Creates the intake of journals. */
export function createJournalIntake({
  db,
  answers,
  restore,
  presence,
  world: { clock, log, liveEvents },
}: {
  readonly db: Db;
  readonly answers: Pick<Answers, 'verdict' | 'acknowledge'>;
  readonly restore: Pick<Restore, 'original'>;
  readonly presence: Pick<Presence, 'heard'>;
  readonly world: { readonly clock: Clock; readonly log: Logger; readonly liveEvents: LiveEvents };
}): JournalIntake {
  /** Everything that one new event changes besides being kept. */
  const derive = async (
    tx: Db,
    box: Box,
    journalId: string,
    event: JournalEvent,
  ): Promise<readonly LiveEventBody[]> => {
    const { clusterId } = box;
    switch (event.kind) {
      case 'outcome':
        return recordOutcome(tx, { box, journalId, event }, { nowMs: clock.now().epochMilliseconds, log });
      case 'claim':
        return [{ kind: 'started', clusterId, occurrenceId: event.occurrenceId }];
      case 'receipt':
        return answers.verdict(tx, box, event.receipt);
      case 'media':
        await createDeviceMediaStore(tx).note(box.id, event);
        return [{ kind: 'readiness', clusterId }];
      case 'sink':
        return event.state === 'opened' ? [] : [{ kind: 'alarm', clusterId, code: `sink/${event.state}` }];
      case 'amplifier':
        return event.state === 'fault' ? [{ kind: 'alarm', clusterId, code: 'amplifier/fault' }] : [];
      case 'hold':
        return event.holds.map((holdId) => ({ kind: 'hold', holdId }));
      default:
        return []; // kept as it came
    }
  };

  const positionOf = async (tx: Db, box: Box, journalId: string): Promise<number> => {
    const journal = createJournalStore(tx);
    const before = (await journal.position(box.id, journalId)) ?? 0;
    const seqs = await journal.seqsAfter(box.id, journalId, before);
    const lost = (await journal.lost(box.id, journalId)).map((body) => lostSpan.parse(JSON.parse(body)));
    const position = contiguousTo(before, seqs, lost);
    await journal.setPosition(box.id, journalId, position, clock.now().epochMilliseconds);
    return position;
  };

  /** Commits the batch. Repeated events are there already and derive nothing. */
  const commit = (box: Box, batch: JournalBatch) =>
    db.transaction().execute(async (tx) => {
      const { journalId } = batch;
      const added = await createJournalStore(tx).add(batch, clock.now().epochMilliseconds);
      const fresh = batch.events.filter(({ seq }) => added.has(seq)).filter(isFamiliar);
      const news: LiveEventBody[] = [];
      for (const event of fresh) news.push(...(await derive(tx, box, journalId, event)));
      return { fresh, news, seq: await positionOf(tx, box, journalId) };
    });

  return {
    async receive(box, jws) {
      const opened = await openJournal(jws, box.id, box.key);
      if (!opened.ok) {
        log.warn({ deviceId: box.id, code: opened.code, why: opened.why }, 'a journal batch was refused');
        return opened.code;
      }
      const batch = opened.message;
      const { fresh, news, seq } = await commit(box, batch);
      await answers.acknowledge(box, { journalId: batch.journalId, seq }); // after the commit, never before (P5)
      const last = batch.events.at(-1);
      await presence.heard(box, last?.seq === seq ? last.clock : undefined); // an older event tells of a clock that was
      await liveEvents.publishAll(distinct(news));
      for (const event of fresh)
        if (event.kind === 'original' && event.jws !== null) await restore.original(box, event.jws);
      return undefined;
    },
  };
}

/** A batch of forty fetched sounds is one piece of news. */
function distinct(news: readonly LiveEventBody[]): readonly LiveEventBody[] {
  return [...new Map(news.map((body) => [JSON.stringify(body), body])).values()];
}
