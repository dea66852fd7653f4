import type { AgentDatabase } from '../db/agent-database.ts';
import type { Journal } from './journal.ts';

/** Acknowledged events are kept this long, so that a restored controller can ask for them again. */
const KEEP_ACKNOWLEDGED_MS = 60 * 86_400_000;

/**
 * Forgets what may be forgotten: acknowledged events after 60 days, then the oldest acknowledged ones over the byte
 * budget, and last the oldest unacknowledged ones. Those leave a `lost` event in the place of the newest that went,
 * so that the controller sees the gap where it is.
 */
export function trimJournal({
  database,
  journal,
  nowMs,
  budgetBytes,
}: {
  readonly database: AgentDatabase;
  readonly journal: Journal;
  readonly nowMs: number;
  readonly budgetBytes: number;
}): void {
  const { sql } = database;
  database.transaction(() => {
    const ackedTo = journal.ackedTo();
    sql
      .prepare('DELETE FROM event WHERE seq <= ? AND at_ms < ?')
      .run(ackedTo, Math.round(nowMs - KEEP_ACKNOWLEDGED_MS));
    let overBytes =
      Number(sql.prepare('SELECT sum(bytes) AS bytes FROM event').get()?.['bytes'] ?? 0) - budgetBytes;
    let from = 0;
    let to = 0;
    if (overBytes <= 0) return;
    for (const row of sql.prepare('SELECT seq, bytes, json FROM event ORDER BY seq').iterate()) {
      if (overBytes <= 0) break;
      overBytes -= Number(row['bytes']);
      to = Number(row['seq']);
      if (to > ackedTo && from === 0) from = lostFrom(String(row['json'])) ?? to;
    }
    sql.prepare('DELETE FROM event WHERE seq <= ? AND (seq <= ? OR seq < ?)').run(to, ackedTo, to);
    if (from === 0) return;
    const row = sql.prepare('SELECT json FROM event WHERE seq = ?').get(to);
    const { atMs, clock, bootId } = JSON.parse(String(row?.['json'] ?? '{}'));
    const json = JSON.stringify({ seq: to, atMs, clock, bootId, kind: 'lost', from, to });
    sql.prepare('UPDATE event SET json = ?, bytes = ? WHERE seq = ?').run(json, Buffer.byteLength(json), to);
  });
}

/** A gap that grows keeps its first number. */
function lostFrom(json: string): number | undefined {
  const event: { readonly kind?: unknown; readonly from?: unknown } = JSON.parse(json);
  return event.kind === 'lost' && typeof event.from === 'number' ? event.from : undefined;
}
