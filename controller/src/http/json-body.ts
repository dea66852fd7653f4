import type { z } from '@hono/zod-openapi';

/** Describes a JSON body, of a request or an answer, in a route definition. */
export function json<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } };
}
