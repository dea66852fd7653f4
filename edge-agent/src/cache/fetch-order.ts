import { createHash } from 'node:crypto';
import { EDGE_PATHS, LIMITS, sha256 } from '@loa/contract';
import { AppError } from '@loa/kernel';
import type { AgentErrorCode } from '../errors.ts';
import type { HttpRequest } from '../link/http.ts';
import type { Patience } from './patience.ts';

/**
 * Fetches a signed order by the SHA-256 of its text.
 * @throws {AppError} media/not-found, media/too-large, media/hash-differs, media/stalled; what `request` throws.
 */
export type FetchOrder = (digest: string, options: { readonly signal: AbortSignal }) => Promise<string>;

/** Creates the fetcher of orders that are too large for MQTT. */
export function createFetchOrder({
  request,
  patience,
}: {
  readonly request: HttpRequest;
  readonly patience: Patience;
}): FetchOrder {
  return (digest, { signal }) =>
    patience(signal, async (either, alive) => {
      using answer = await request(EDGE_PATHS.order(sha256.parse(digest)), { signal: either });
      if (answer.status !== 200)
        throw new AppError<AgentErrorCode>(`the controller answered ${answer.status} for an order`, {
          code: 'media/not-found',
          retryable: true,
        });
      const pieces: Uint8Array[] = [];
      let bytes = 0;
      for await (const piece of answer.body) {
        alive();
        bytes += piece.length;
        if (bytes > LIMITS.fetchedOrder)
          throw new AppError<AgentErrorCode>('the order is larger than any order may be', {
            code: 'media/too-large',
          });
        pieces.push(piece);
      }
      const text = Buffer.concat(pieces);
      if (createHash('sha256').update(text).digest('hex') !== digest)
        throw new AppError<AgentErrorCode>('the order is not the one that was named', {
          code: 'media/hash-differs',
        });
      return text.toString('latin1');
    });
}
