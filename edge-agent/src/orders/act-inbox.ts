import type { ActOrder, RefusalCode } from '@loa/contract';
import type { TimeReading } from '../clock/timekeeper.ts';
import type { AgentDatabase } from '../db/agent-database.ts';

/** Rows are kept a day: longer than any act lives, whatever the clock does meanwhile. */
const KEEP_MS = 86_400_000;
/** Acts that are still alive; a controller has no reason to send more to one box. */
const MAX_ALIVE = 128;

/** Where acts are remembered, so that each is obeyed at most once (P4). */
export interface ActInbox {
  /** Writes an act down and returns `undefined`, or returns why it is not obeyed. */
  take(act: ActOrder, time: TimeReading): { readonly code: RefusalCode; readonly why: string } | undefined;
  /** Withdraws an act, also one that has not arrived yet. */
  withdraw(actId: string, time: TimeReading): void;
  /** How many acts of a kind were accepted since `sinceMs`. */
  countSince(kind: ActOrder['kind'], sinceMs: number): number;
}

/** Opens the inbox of a database. `firstWelcomeMs` is when this database first met the controller. */
export function openActInbox({
  database: { sql },
  firstWelcomeMs,
}: {
  readonly database: AgentDatabase;
  readonly firstWelcomeMs: () => number | undefined;
}): ActInbox {
  const select = sql.prepare('SELECT cancelled FROM act WHERE id = ?');
  const insert = sql.prepare('INSERT INTO act (id, kind, exp_ms, seen_ms, cancelled) VALUES (?, ?, ?, ?, ?)');
  const cancel = sql.prepare(
    `INSERT INTO act (id, kind, exp_ms, seen_ms, cancelled) VALUES (?, 'unseen', ?, ?, 1)
     ON CONFLICT DO UPDATE SET cancelled = 1`,
  );
  const forget = sql.prepare('DELETE FROM act WHERE max(exp_ms, seen_ms) < ?');
  const alive = sql.prepare('SELECT count(*) AS n FROM act WHERE exp_ms >= ?');
  const since = sql.prepare('SELECT count(*) AS n FROM act WHERE kind = ? AND seen_ms >= ?');
  return {
    take(act, { nowMs, state, uncertaintyMs }) {
      const row = select.get(act.id);
      if (row) {
        return Number(row['cancelled']) === 1
          ? { code: 'order/cancelled', why: 'the act was withdrawn' }
          : { code: 'order/replayed', why: 'the act has been here before' };
      }
      const firstMs = firstWelcomeMs();
      if (firstMs === undefined || act.issuedAtMs < firstMs)
        return {
          code: 'order/before-first-welcome',
          why: 'the act is older than the first greeting of this database, which cannot know whether it was done',
        };
      if (state === 'untrusted')
        return { code: 'order/clock-untrusted', why: 'the box does not know the time' };
      const lateMs = nowMs - act.expMs;
      if (lateMs > uncertaintyMs)
        return { code: 'order/expired', why: `the act ended ${Math.round(lateMs)} ms ago` };
      forget.run(Math.round(nowMs - KEEP_MS));
      if (Number(alive.get(Math.round(nowMs))?.['n'] ?? 0) >= MAX_ALIVE)
        return { code: 'order/inbox-full', why: `${MAX_ALIVE} acts are waiting` };
      insert.run(act.id, act.kind, act.expMs, Math.round(nowMs), 0);
      return undefined;
    },
    withdraw(actId, { nowMs }) {
      cancel.run(actId, Math.round(nowMs), Math.round(nowMs));
    },
    countSince: (kind, sinceMs) => Number(since.get(kind, Math.round(sinceMs))?.['n'] ?? 0),
  };
}
