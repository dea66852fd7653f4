import {
  compareRevisions,
  type Hello,
  type MessageOf,
  STATE_KINDS,
  type StateKind,
  type StateRevisions,
  SUITES,
} from '@loa/contract';
import type { Clock, Logger, RandomId } from '@loa/kernel';
import type { Db } from '../db/database.ts';
import { createJournalStore } from '../ledger/journal.store.ts';
import type { BoxLink } from '../mqtt/box-link.ts';
import { createActStore } from './act.store.ts';
import type { Box } from './box.store.ts';
import { restoredSetting } from './restored.ts';
import type { SiteKeys } from './site-keys.service.ts';
import { createStateStore, revisionsOf, type StateRow, type StateStore } from './state.store.ts';

/** Answers the greetings of boxes: what they should hold, what is wanted of them, where their journal stands. */
export interface Greetings {
  /** Compares, stores what the box holds, and sends the signed welcome. Returns whether its journal was never met before. */
  welcome(box: Box, hello: Hello): Promise<{ readonly isNewJournal: boolean }>;
  /** Answers a question for the time. */
  tellTime(box: Box, nonce: string): Promise<void>;
}

/** A state on a box that was signed in a past that this database does not remember. */
interface UnknownState {
  readonly kind: StateKind;
  /** It was sent here already and waits for review. */
  readonly hasOriginal: boolean;
}

/** What one greeting says of one state. */
type Comparison = 'nothing' | 'holds-it' | 'lacks-it' | 'unknown-here';

/** Creates the answering of greetings. `onDue` is called when a box turned out to lack something. */
export function createGreetings({
  db,
  keys,
  link,
  clock,
  newId,
  log,
  onDue,
}: {
  readonly db: Db;
  readonly keys: SiteKeys;
  readonly link: Pick<BoxLink, 'send'>;
  readonly clock: Clock;
  readonly newId: RandomId;
  readonly log: Logger;
  readonly onDue: () => void;
}): Greetings {
  const head = (box: Box) => ({
    v: 1 as const,
    suite: SUITES[0],
    device: box.id,
    id: newId('ans'),
    issuedAtMs: clock.now().epochMilliseconds,
  });

  /** Stores what the box says it holds. Returns the states that this controller does not know, and whether it has their originals. */
  const noteStates = async (tx: Db, box: Box, rows: readonly StateRow[], held: Hello['states']) => {
    const store = createStateStore(tx);
    const nowMs = clock.now().epochMilliseconds;
    const unknown: UnknownState[] = [];
    for (const kind of STATE_KINDS) {
      const row = rows.find((candidate) => candidate.kind === kind);
      switch (compare(kind, row, held[kind])) {
        case 'nothing':
          break;
        case 'holds-it':
          await store.setHeld(box.id, kind, held[kind], null);
          break;
        case 'lacks-it':
          await store.setHeld(box.id, kind, held[kind], row?.refused_code ? null : nowMs);
          break;
        case 'unknown-here':
          unknown.push({ kind, hasOriginal: await hasOriginal(store, held[kind]) });
          if (row) await store.setHeld(box.id, kind, held[kind], null); // an older one would only be refused
          break;
      }
    }
    return unknown;
  };

  return {
    async welcome(box, hello) {
      const { journalId } = hello.journal;
      const found = await db.transaction().execute(async (tx) => {
        const rows = await createStateStore(tx).ofDevice(box.id);
        const unknown = await noteStates(tx, box, rows, hello.states);
        const journal = createJournalStore(tx);
        const ackedTo = await journal.position(box.id, journalId);
        if (ackedTo === undefined)
          await journal.setPosition(box.id, journalId, 0, clock.now().epochMilliseconds);
        await createActStore(tx).wake(box.id, clock.now().epochMilliseconds);
        const isUnderReview = (await restoredSetting.read(tx)) !== undefined;
        return { rows, unknown, ackedTo, isUnderReview };
      });
      const { rows, unknown, ackedTo, isUnderReview } = found;
      if (unknown.length > 0)
        log.warn(
          { deviceId: box.id, states: unknown },
          'a box holds states that this controller does not know',
        );
      const message: MessageOf<'welcome'> = {
        kind: 'welcome',
        ...head(box),
        body: {
          nonce: hello.nonce,
          timeMs: clock.now().epochMilliseconds,
          states: expected(
            revisionsOf(rows),
            hello.states,
            isUnderReview ? STATE_KINDS : unknown.map(({ kind }) => kind),
          ),
          wants: unknown.filter((state) => !state.hasOriginal).map(({ kind }) => kind),
          journal: ackedTo === undefined ? null : { journalId, seq: ackedTo },
        },
      };
      link.send(box.id, 'welcome', await keys.orderSigner.sign(message));
      onDue();
      return { isNewJournal: ackedTo === undefined };
    },
    async tellTime(box, nonce) {
      const message: MessageOf<'time'> = {
        kind: 'time',
        ...head(box),
        body: { nonce, timeMs: clock.now().epochMilliseconds },
      };
      link.send(box.id, 'time/res', await keys.orderSigner.sign(message));
    },
  };
}

async function hasOriginal(store: StateStore, held: Hello['states'][StateKind]): Promise<boolean> {
  return held !== undefined && (await store.original(held.digest)) !== undefined;
}

/** Compares what the box should hold with what it says it holds. Another text under the same revision is one we do not know. */
function compare(kind: StateKind, row: StateRow | undefined, held: Hello['states'][StateKind]): Comparison {
  if (!held) return row ? 'lacks-it' : 'nothing';
  // `keys` is counted by the root alone and came with the enrolment: a newer one than ours is none of a restore.
  const isKeys = kind === 'keys';
  if (!row) return isKeys ? 'nothing' : 'unknown-here';
  const order = compareRevisions(held, row);
  if (order < 0) return 'lacks-it';
  if (isKeys) return 'holds-it';
  return order === 0 && held.digest === row.digest ? 'holds-it' : 'unknown-here';
}

/** Boxes stay on what they hold where the controller is not sure. */
function expected(own: StateRevisions, held: Hello['states'], kept: readonly StateKind[]): StateRevisions {
  const revisions: StateRevisions = { ...own };
  for (const kind of kept) {
    const state = held[kind];
    if (state) revisions[kind] = { epoch: state.epoch, rev: state.rev };
    else delete revisions[kind];
  }
  return revisions;
}
