import type { z } from 'zod';

/** More would help nobody who reads a refusal. */
const ISSUES_NAMED = 3;

/** Says which fields are wrong and what was wanted: `body.gainDb: expected number; …`. */
export function issuesInWords({ issues }: z.ZodError): string {
  return issues
    .slice(0, ISSUES_NAMED)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join('; ');
}
