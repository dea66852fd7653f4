import { createHash } from 'node:crypto';
import type { Clock } from '@loa/kernel';
import type { Db } from '../db/database.ts';
import { type AuditRow, createAuditStore } from './audit.store.ts';

/** Who did what to what, from where. `before` and `after` are JSON values. */
export interface AuditEntry {
  readonly actor: string;
  /** `bulletin.approved`, past tense. */
  readonly action: string;
  /** `bulletin:bul_…`. */
  readonly subject: string;
  readonly before?: unknown;
  readonly after?: unknown;
  /** Request id, job name or device id. */
  readonly origin: string;
}

/** The end of the chain, carried in every plan so that boxes are witnesses (P10). */
export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}

/** What `verify` found: an unbroken chain, or the first row that does not fit. */
export type AuditVerdict =
  | { readonly ok: true; readonly head: AuditHead }
  | { readonly ok: false; readonly seq: number; readonly why: string };

const GENESIS = '0'.repeat(64);

/** Returns the SHA-256 over the row's own facts and the hash before it. */
function hashOf(row: Omit<AuditRow, 'hash'>): string {
  const facts = [
    row.seq,
    row.at_ms,
    row.actor,
    row.action,
    row.subject,
    row.before,
    row.after,
    row.origin,
    row.previous_hash,
  ];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

/**
 * Appends to the hash-chained trail. Call it with the transaction that makes the change, so that neither exists without the other.
 */
export async function recordAudit(tx: Db, clock: Clock, entry: AuditEntry): Promise<AuditHead> {
  const store = createAuditStore(tx);
  const last = await store.head();
  const facts = {
    seq: (last?.seq ?? 0) + 1,
    at_ms: clock.now().epochMilliseconds,
    actor: entry.actor,
    action: entry.action,
    subject: entry.subject,
    before: entry.before === undefined ? null : JSON.stringify(entry.before),
    after: entry.after === undefined ? null : JSON.stringify(entry.after),
    origin: entry.origin,
    previous_hash: last?.hash ?? GENESIS,
  };
  const hash = hashOf(facts);
  await store.append({ ...facts, hash });
  return { seq: facts.seq, hash };
}

/** Returns where the chain stands; seq 0 and zeros before the first row. */
export async function auditHead(db: Db): Promise<AuditHead> {
  const last = await createAuditStore(db).head();
  return last ? { seq: last.seq, hash: last.hash } : { seq: 0, hash: GENESIS };
}

/** Tells whether the chain still has the row that a box saw as its head: else it was cut or rewritten (P10). */
export async function isWitnessed(db: Db, { seq, hash }: AuditHead): Promise<boolean> {
  return seq === 0 || (await createAuditStore(db).hashAt(seq)) === hash;
}

/**
 * Walks the chain and names the first row that does not fit (P10).
 * @param witnessed a head that was seen elsewhere (a plan on a box): a chain that ends before it was cut.
 */
export async function verifyAudit(db: Db, witnessed?: AuditHead): Promise<AuditVerdict> {
  let previous = { seq: 0, hash: GENESIS };
  for await (const row of createAuditStore(db).inOrder()) {
    if (row.seq !== previous.seq + 1) return { ok: false, seq: previous.seq + 1, why: 'a row is missing' };
    if (row.previous_hash !== previous.hash)
      return { ok: false, seq: row.seq, why: 'it does not follow the row before it' };
    if (row.hash !== hashOf(row)) return { ok: false, seq: row.seq, why: 'its content was changed' };
    if (witnessed?.seq === row.seq && witnessed.hash !== row.hash)
      return { ok: false, seq: row.seq, why: 'a box holds another hash for it: the chain was rewritten' };
    previous = { seq: row.seq, hash: row.hash };
  }
  if (witnessed && witnessed.seq > previous.seq)
    return { ok: false, seq: previous.seq + 1, why: `the tail is cut: a box saw row ${witnessed.seq}` };
  return { ok: true, head: previous };
}
