import { z } from 'zod';

/**
 * A name or a reason of one line, 1 to `max` characters: what goes to boxes holds no control characters, and an order that
 * no box would take must be refused here, where somebody can mend it.
 */
export const oneLine = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}*$/u, 'wanted one line of text');
