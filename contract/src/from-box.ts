import { createHash } from 'node:crypto';
import type { DeviceId } from '@loa/kernel';
import type { z } from 'zod';
import type { RefusalCode } from './codes.ts';
import { foreignSuite } from './foreign-suite.ts';
import { issuesInWords } from './issues-in-words.ts';
import { type JournalBatch, journalBatch, type Receipt, receipt } from './journal.ts';
import { STATE_KINDS, type StateRevisions } from './orders.ts';
import { openJws, type PublicKey } from './signing.ts';

/** A message proven to come from this box, or why it was refused. */
export type FromBox<T> =
  | { readonly ok: true; readonly message: T }
  | { readonly ok: false; readonly code: RefusalCode; readonly why: string };

async function openFromBox<T extends { readonly device: DeviceId }>(
  jws: string,
  device: DeviceId,
  key: PublicKey,
  schema: z.ZodType<T>,
): Promise<FromBox<T>> {
  const opened = await openJws(jws, (kid) => (kid === key.kid ? key : undefined));
  if (!opened.ok) return opened;
  const foreign = foreignSuite(opened.payload);
  if (foreign !== undefined) return { ok: false, code: 'order/wrong-suite', why: foreign };
  const parsed = schema.safeParse(opened.payload);
  if (!parsed.success) return { ok: false, code: 'order/bad-payload', why: issuesInWords(parsed.error) };
  if (parsed.data.device !== device)
    return { ok: false, code: 'order/wrong-device', why: `signed as ${parsed.data.device}` };
  return { ok: true, message: parsed.data };
}

/** Opens a journal batch that arrived on the topic of `device`, whose enrolled key is `key`. */
export function openJournal(jws: string, device: DeviceId, key: PublicKey): Promise<FromBox<JournalBatch>> {
  return openFromBox(jws, device, key, journalBatch);
}

/** Opens a receipt that arrived on the topic of `device`, whose enrolled key is `key`. */
export function openReceipt(jws: string, device: DeviceId, key: PublicKey): Promise<FromBox<Receipt>> {
  return openFromBox(jws, device, key, receipt);
}

/** Returns the first 4 bytes of SHA-256 over the revisions of all states, as in a health sample. */
export function digestOfStates(states: StateRevisions): number {
  const text = STATE_KINDS.map(
    (kind) => `${kind}=${states[kind]?.epoch ?? '-'}.${states[kind]?.rev ?? '-'}`,
  ).join('\n');
  return createHash('sha256').update(text).digest().readUInt32BE(0);
}
