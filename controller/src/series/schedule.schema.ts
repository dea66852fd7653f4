import { z } from 'zod';

const localDate = z.iso.date().meta({ example: '2026-03-02' });

/** On which local dates, and at what time of them, a series sounds. */
export const schedule = z
  .object({
    rule: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('once') }),
      z.object({ kind: z.literal('daily') }),
      z.object({ kind: z.literal('weekly'), days: z.array(z.int().min(1).max(7)).min(1).max(7).readonly() }),
    ]),
    firstDate: localDate,
    /** Inclusive. */
    lastDate: localDate,
    localTime: z.iso.time({ precision: 0 }).meta({ example: '05:00:00' }),
  })
  .meta({ id: 'Schedule' });
export type Schedule = z.output<typeof schedule>;

/** How often it is said in one occurrence, with silence between. */
export const repeatSchema = z
  .object({ times: z.int().min(1).max(99), gapMs: z.int().min(0).max(600_000) })
  .meta({ id: 'Repeat' });
export type Repeat = z.output<typeof repeatSchema>;
