import type { Clock } from '@loa/kernel';
import type { Db } from '../db/database.ts';
import { createLiveEventStore } from './live-event.store.ts';

/** What the console is told as it happens. The body names ids; the console asks for what it shows. */
export type LiveEventBody =
  | {
      readonly kind: 'bulletin';
      readonly bulletinId: string;
      readonly state: string;
      readonly progress?: number;
    }
  | { readonly kind: 'approval'; readonly bulletinId: string; readonly approvalId: string }
  | { readonly kind: 'series'; readonly seriesId: string }
  | { readonly kind: 'plan'; readonly clusterId: string; readonly rev: number; readonly held: boolean }
  | { readonly kind: 'readiness'; readonly clusterId: string }
  | { readonly kind: 'started'; readonly clusterId: string; readonly occurrenceId: string }
  | {
      readonly kind: 'outcome';
      readonly clusterId: string;
      readonly occurrenceId: string;
      readonly result: string;
    }
  | { readonly kind: 'presence'; readonly clusterId: string; readonly online: boolean }
  | { readonly kind: 'hold'; readonly holdId: string }
  | { readonly kind: 'alarm'; readonly clusterId: string; readonly code: string };

export interface LiveEvent {
  readonly id: number;
  readonly body: LiveEventBody;
}

/** Publishes events to connected consoles and keeps them, so that a reader resumes after `Last-Event-ID`. */
export interface LiveEvents {
  /** Stores the event and wakes readers. Call it after the change is committed. */
  publish(body: LiveEventBody): Promise<void>;
  /** The same for many, in one commit; none is fine. */
  publishAll(bodies: readonly LiveEventBody[]): Promise<void>;
  /** Yields every event after `afterId` (or only new ones), in order, until `signal` aborts. */
  follow(options: {
    readonly afterId?: number | undefined;
    readonly signal: AbortSignal;
  }): AsyncGenerator<LiveEvent>;
  /** Forgets events older than `beforeMs`; returns how many went. */
  prune(beforeMs: number): Promise<number>;
}

/** Creates the stream of live events on the main database. */
export function createLiveEvents({ db, clock }: { readonly db: Db; readonly clock: Clock }): LiveEvents {
  const store = createLiveEventStore(db);
  const waiting = new Set<() => void>();
  const publishAll: LiveEvents['publishAll'] = async (bodies) => {
    if (bodies.length === 0) return;
    await store.append(clock.now().epochMilliseconds, bodies);
    for (const wake of [...waiting]) wake();
  };
  return {
    publishAll,
    publish: (body) => publishAll([body]),
    async *follow({ afterId, signal }) {
      let after = afterId ?? (await store.lastId());
      while (!signal.aborted) {
        // Registered before reading: an event that lands between the two wakes us at once.
        const news = Promise.withResolvers<void>();
        const wake = () => news.resolve();
        waiting.add(wake);
        signal.addEventListener('abort', wake, { once: true });
        try {
          const events = await store.after(after);
          for (const event of events) {
            yield event;
            after = event.id;
          }
          if (events.length === 0) await news.promise;
        } finally {
          waiting.delete(wake);
          signal.removeEventListener('abort', wake);
        }
      }
    },
    prune: (beforeMs) => store.prune(beforeMs),
  };
}
