import { z } from 'zod';
import { broadcastClass, spanMs } from './scalars.ts';

/** How a sound behaves on a horn; the same words as `PlayRules` of the schedules workspace. */
export const playRules = z.strictObject({
  class: broadcastClass,
  rank: z.int().min(0).max(99),
  start: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('hard') }),
    z.strictObject({ kind: z.literal('make-next') }),
    z.strictObject({ kind: z.literal('wait'), maxWaitMs: spanMs }),
  ]),
  end: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('finish') }),
    z.strictObject({ kind: z.literal('fade'), fadeMs: spanMs }),
  ]),
  preempted: z.enum(['resume', 'restart', 'drop']),
  late: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('never') }),
    z.strictObject({ kind: z.literal('within'), maxLateMs: spanMs }),
    z.strictObject({ kind: z.literal('next-slot') }),
  ]),
});
