import { z } from 'zod';

const ids = z.array(z.string().min(1).max(120)).max(1_000).readonly().optional();

/** Who should hear something, in a request: areas with all below them, clusters, tags, and whom to leave out. */
export const targetsSchema = z
  .object({ areas: ids, clusters: ids, tags: ids, exclude: ids })
  .meta({ id: 'Targets', example: { areas: ['are_0123456789abcdef'] } });
