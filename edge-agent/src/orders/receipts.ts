import type { RefusalCode } from '@loa/contract';
import { type Revision, type Signer, SUITES } from '@loa/contract';
import type { DeviceId, Logger } from '@loa/kernel';
import type { TimeReading } from '../clock/timekeeper.ts';
import type { Journal } from '../journal/journal.ts';
import type { Publish } from '../link/link.ts';
import { toSentence } from '../sentence.ts';

/** Which order is answered. */
export interface OrderName {
  readonly id: string;
  readonly kind: string;
  readonly revision: Revision | null;
}

/** Answers orders: signed at once over the link, and in the journal, which reaches the controller for certain. */
export interface Receipts {
  accept(order: OrderName, detail?: string): void;
  refuse(order: OrderName, code: RefusalCode, why: string): void;
}

/** Answers that were journalled already are only sent again: a repeated order must not fill the disk. */
const REMEMBERED = 500;

/** Creates the sender of receipts. */
export function createReceipts({
  journal,
  publish,
  signer,
  device,
  time,
  log,
}: {
  readonly journal: Journal;
  readonly publish: Publish;
  readonly signer: Signer;
  readonly device: DeviceId;
  readonly time: { read(): TimeReading };
  readonly log: Logger;
}): Receipts {
  const journalled = new Set<string>();
  const answer = (
    order: OrderName,
    verdict: 'accepted' | 'refused',
    code: RefusalCode | null,
    why: string,
  ) => {
    const body = {
      orderId: order.id,
      kind: order.kind,
      revision: order.revision,
      verdict,
      code,
      detail: toSentence(why),
    };
    const key = `${order.id} ${code}`;
    if (!journalled.has(key)) {
      journal.append({ kind: 'receipt', receipt: body });
      journalled.add(key);
      for (const oldest of journalled) {
        if (journalled.size <= REMEMBERED) break;
        journalled.delete(oldest);
      }
    }
    const { nowMs, state } = time.read();
    const receipt = { v: 1, suite: SUITES[0], device, atMs: Math.round(nowMs), clock: state, ...body };
    void signer
      .sign(receipt)
      .then((jws) => publish('receipt', jws))
      .catch((error: unknown) =>
        log.debug({ err: error }, 'a receipt could not be sent; the journal brings it'),
      );
  };
  return {
    accept: (order, detail = '') => answer(order, 'accepted', null, detail),
    refuse: (order, code, why) => answer(order, 'refused', code, why),
  };
}
