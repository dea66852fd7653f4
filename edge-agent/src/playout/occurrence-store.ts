import type { JournalEventOf } from '@loa/contract';
import { occurrenceId } from '@loa/contract';
import type { OccurrenceId } from '@loa/kernel';
import { type AirTime, BROADCAST_CLASSES, type BroadcastClass } from '@loa/schedules';
import type { AgentDatabase } from '../db/agent-database.ts';
import type { Journal } from '../journal/journal.ts';
import { toSentence } from '../sentence.ts';
import type { Cue, Origin } from './cue.ts';

type Outcome = JournalEventOf<'outcome'>;
/** How an occurrence ended, without what the store knows itself. */
export type Ending = Pick<Outcome, 'result' | 'reason' | 'evidence' | 'airing' | 'detail'>;

/** A claim that was never closed: the agent or the box went away in the middle. */
export interface OpenClaim {
  readonly id: OccurrenceId;
  readonly origin: Origin;
  readonly plannedAtMs: number;
  readonly broadcastClass: BroadcastClass;
  readonly bootId: string;
}

/** What the store needs to know of a cue that ends. */
export type Closing = Pick<Cue, 'id' | 'origin' | 'startsAtMs'> & {
  readonly rules: { readonly class: BroadcastClass };
};

/** What was begun and how it ended: one row per occurrence, for ever (P3, P4). */
export interface OccurrenceStore {
  isKnown(id: OccurrenceId): boolean;
  /** Writes durably that this occurrence is about to sound. Returns false when it was begun or closed before. */
  claim(cue: Cue, nowMs: number): boolean;
  /** Writes the one outcome of an occurrence, claimed or not. A second one is not written; returns whether it was. */
  close(cue: Closing, ending: Ending, nowMs: number): boolean;
  openClaims(): readonly OpenClaim[];
  /** What sounded since `sinceMs`, for the limits of the policy. */
  airedSince(sinceMs: number): readonly AirTime[];
}

/** Rows beyond these are forgotten, oldest first: years of broadcasts, whatever the clock did meanwhile. */
const KEEP_ROWS = 100_000;

/** Opens the occurrences of a database. */
export function openOccurrenceStore({
  database: { sql, transaction },
  journal,
  bootId,
}: {
  readonly database: AgentDatabase;
  readonly journal: Journal;
  readonly bootId: string;
}): OccurrenceStore {
  const known = sql.prepare('SELECT 1 AS known FROM occurrence WHERE id = ?');
  const insert = sql.prepare(
    `INSERT INTO occurrence (id, origin, class, planned_ms, claimed_ms, boot_id) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );
  const finish = sql.prepare(
    'UPDATE occurrence SET result = ?, heard_ms = ?, closed_ms = ? WHERE id = ? AND result IS NULL',
  );
  const open = sql.prepare(
    'SELECT id, origin, class, planned_ms, boot_id FROM occurrence WHERE result IS NULL',
  );
  const aired = sql.prepare(
    'SELECT class, planned_ms, heard_ms FROM occurrence WHERE planned_ms >= ? AND heard_ms > 0',
  );
  sql
    .prepare(
      'DELETE FROM occurrence WHERE result IS NOT NULL AND rowid <= (SELECT max(rowid) FROM occurrence) - ?',
    )
    .run(KEEP_ROWS);
  const classOf = (value: unknown): BroadcastClass =>
    BROADCAST_CLASSES.find((name) => name === value) ?? 'routine';
  return {
    isKnown: (id) => known.get(id) !== undefined,
    claim: (cue, nowMs) =>
      transaction(() => {
        const { id, origin, rules, startsAtMs } = cue;
        const { changes } = insert.run(
          id,
          JSON.stringify(origin),
          rules.class,
          startsAtMs,
          Math.round(nowMs),
          bootId,
        );
        if (changes === 0) return false;
        journal.append({ kind: 'claim', occurrenceId: id, origin, plannedAtMs: startsAtMs });
        return true;
      }),
    close: ({ id, origin, startsAtMs, rules }, ending, nowMs) =>
      transaction(() => {
        insert.run(id, JSON.stringify(origin), rules.class, startsAtMs, null, bootId);
        const heardMs = Math.round(ending.airing?.heardMs ?? 0);
        if (finish.run(ending.result, heardMs, Math.round(nowMs), id).changes === 0) return false;
        const detail = toSentence(ending.detail);
        journal.append({
          kind: 'outcome',
          occurrenceId: id,
          origin,
          plannedAtMs: startsAtMs,
          ...ending,
          detail,
        });
        return true;
      }),
    openClaims: () =>
      open.all().map((row) => ({
        id: occurrenceId.parse(row['id']),
        origin: JSON.parse(String(row['origin'])),
        plannedAtMs: Number(row['planned_ms']),
        broadcastClass: classOf(row['class']),
        bootId: String(row['boot_id']),
      })),
    airedSince: (sinceMs) =>
      aired.all(Math.round(sinceMs)).map((row) => ({
        class: classOf(row['class']),
        startsAtMs: Number(row['planned_ms']),
        plannedMs: Number(row['heard_ms']),
      })),
  };
}
