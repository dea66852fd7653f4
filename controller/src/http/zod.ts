/** zod whose schemas also carry `.openapi(…)`: for .schema files, which know nothing else of HTTP. */
export { z } from '@hono/zod-openapi';
