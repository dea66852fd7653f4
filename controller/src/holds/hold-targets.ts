import { z } from 'zod';

const ids = z.array(z.string().min(1).max(120)).max(500);

/** Who is meant to be silent: everything under these areas, and these clusters. At least one. */
export const holdTargets = z
  .object({ areas: ids.optional(), clusters: ids.optional() })
  .refine(
    ({ areas = [], clusters = [] }) => areas.length + clusters.length > 0,
    'wanted at least one area or cluster',
  );
export type HoldTargets = z.output<typeof holdTargets>;

/** Reads the JSON column that only this folder writes. */
export const readTargets = (text: string): HoldTargets => holdTargets.parse(JSON.parse(text));
