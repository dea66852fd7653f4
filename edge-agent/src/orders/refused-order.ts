import { openJws, type Trust } from '@loa/contract';
import { z } from 'zod';
import type { OrderName } from './receipts.ts';

/** The least that names an order, whatever else in it this agent cannot read. */
const anyOrder = z.object({
  id: z.string().regex(/^[A-Za-z0-9_~.-]{1,120}$/),
  kind: z.string().max(20),
  epoch: z.int().min(0).optional(),
  rev: z.int().min(0).optional(),
});

/**
 * Returns the name of a refused order when its signature holds, so that the controller learns which one to stop sending.
 * Noise and forgeries have no name.
 */
export async function nameOfRefused(jws: string, trust: Trust): Promise<OrderName | undefined> {
  const keys = [trust.root, ...(trust.keys?.orderKeys ?? []).filter(({ revoked }) => !revoked)];
  const opened = await openJws(jws, (kid) => keys.find((key) => key.kid === kid));
  const order = opened.ok ? anyOrder.safeParse(opened.payload) : undefined;
  if (!order?.success) return undefined;
  const { id, kind, epoch, rev } = order.data;
  return { id, kind, revision: epoch === undefined || rev === undefined ? null : { epoch, rev } };
}
