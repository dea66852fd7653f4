import type { Socket } from 'node:net';
import type { Clock } from '@loa/kernel';

/** How much patience a reader gets. `drainTimeoutMs` undefined: none but the byte cap. */
export interface WritePatience {
  readonly maxUnreadBytes: number;
  readonly drainTimeoutMs: number | undefined;
}

/**
 * Makes writes to `socket` never ask the broker to wait. aedes delivers through one shared queue and awaits each
 * reader's drain, so a single reader that stops reading would hold up everybody; here its bytes pile up in its own
 * socket until they pass `maxUnreadBytes` or the socket has not drained for `drainTimeoutMs`, and then it is dropped.
 */
export function guardWrites(
  socket: Socket,
  {
    clock,
    patience,
    dropped,
  }: {
    readonly clock: Clock;
    readonly patience: () => WritePatience;
    readonly dropped: (facts: { readonly unreadBytes: number }) => void;
  },
): void {
  const write = socket.write.bind(socket);
  let isWaiting = false;

  const drop = () => {
    if (socket.destroyed) return;
    dropped({ unreadBytes: socket.writableLength });
    socket.destroy();
  };

  const awaitDrain = async (timeoutMs: number) => {
    isWaiting = true;
    const over = new AbortController();
    const end = () => over.abort();
    socket.once('drain', end).once('close', end);
    await clock.sleep(timeoutMs, { signal: over.signal }).then(drop, () => {}); // rejected: it drained or closed
    socket.off('drain', end).off('close', end);
    isWaiting = false;
  };

  socket.write = (
    chunk: Uint8Array | string,
    encodingOrDone?: BufferEncoding | ((error?: Error | null) => void),
    done?: (error?: Error | null) => void,
  ): boolean => {
    if (socket.destroyed) return true;
    if (typeof encodingOrDone === 'function') write(chunk, encodingOrDone);
    else write(chunk, encodingOrDone, done);
    const { maxUnreadBytes, drainTimeoutMs } = patience();
    if (socket.writableLength > maxUnreadBytes) drop();
    else if (socket.writableNeedDrain && !isWaiting && drainTimeoutMs !== undefined)
      void awaitDrain(drainTimeoutMs);
    return true;
  };
}
