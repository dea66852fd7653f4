import { AppError, type Clock, type Logger, type Part } from '@loa/kernel';
import { recordAudit } from '../audit/audit.service.ts';
import type { Db } from '../db/database.ts';
import type { LiveEvents } from '../live-events/live-events.service.ts';
import { type BulletinRow, createBulletinStore } from './bulletin.store.ts';
import type { BulletinContent } from './bulletin-content.schema.ts';
import { type RenderedVariant, type RenderVariant, soundCount } from './render-variant.ts';

/** Makes the sound of bulletins, one after another. What waits is in the database, so a restart loses nothing. */
export interface Rendering extends Part {
  /** Tells that a bulletin began to wait. */
  wake(): void;
}

/** After a fault of the database, which a bulletin cannot be blamed for. */
const RETRY_MS = 5_000;

/** Creates the queue on the main database. */
export function createRendering({
  db,
  clock,
  log,
  liveEvents,
  renderVariant,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Logger;
  readonly liveEvents: LiveEvents;
  readonly renderVariant: RenderVariant;
}): Rendering {
  const store = createBulletinStore(db);
  let news = Promise.withResolvers<void>();
  let running: { readonly ending: AbortController; readonly done: Promise<void> } | undefined;

  const outcomeOf = async (row: BulletinRow, signal: AbortSignal): Promise<Outcome> => {
    try {
      return { kind: 'rendered', variants: await render(row, signal) };
    } catch (error) {
      signal.throwIfAborted(); // it stays in the queue for the next start
      return { kind: 'failed', failure: toFailure(error, row, log) };
    }
  };
  const render = async (row: BulletinRow, signal: AbortSignal): Promise<readonly RenderedVariant[]> => {
    const { variants } = JSON.parse(row.content) as BulletinContent;
    const total = variants.reduce((sum, draft) => sum + soundCount(draft), 0);
    let made = 0;
    const onSound = () =>
      liveEvents.publish({
        kind: 'bulletin',
        bulletinId: row.id,
        state: 'rendering',
        progress: ++made / total,
      });
    const rendered: RenderedVariant[] = [];
    for (const draft of variants) rendered.push(await renderVariant(draft, { signal, onSound }));
    return rendered;
  };

  /** Commits the end of a rendering, unless its bulletin was changed meanwhile: then it is of no use. */
  const end = async (row: BulletinRow, outcome: Outcome): Promise<void> => {
    const state = outcome.kind === 'failed' ? 'failed' : 'ready';
    const isCurrent = await db.transaction().execute(async (tx) => {
      const bulletins = createBulletinStore(tx);
      const now = await bulletins.find(row.id);
      if (now?.state !== 'rendering' || now.version !== row.version) return false;
      const facts = { actor: 'rendering', subject: `bulletin:${row.id}`, origin: 'rendering' };
      if (outcome.kind === 'failed') {
        const { failure } = outcome;
        await bulletins.set(row.id, { state, failure: JSON.stringify(failure) });
        await recordAudit(tx, clock, { ...facts, action: 'bulletin.render-failed', after: failure });
      } else {
        const { variants } = outcome;
        await bulletins.setVariants(row.id, row.version, variants.map(toRow(row)));
        await bulletins.set(row.id, { state, failure: null });
        const after = { version: row.version, sounds: soundsOf(variants) };
        await recordAudit(tx, clock, { ...facts, action: 'bulletin.rendered', after });
      }
      return true;
    });
    if (isCurrent) await liveEvents.publish({ kind: 'bulletin', bulletinId: row.id, state });
  };

  const takeNext = async (signal: AbortSignal): Promise<void> => {
    const heard = news.promise; // before reading: what begins to wait meanwhile wakes us at once
    const [row] = await store.rendering();
    if (!row) return Promise.race([heard, aborted(signal)]);
    await end(row, await outcomeOf(row, signal));
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted)
      await takeNext(signal).catch(async (error: unknown) => {
        if (signal.aborted) return;
        log.error({ err: error }, 'the rendering queue has a fault; it goes on after a pause');
        await clock.sleep(RETRY_MS, { signal }).catch(() => {}); // only a stop ends it early
      });
  };

  return {
    name: 'rendering',
    wake() {
      news.resolve();
      news = Promise.withResolvers();
    },
    start() {
      if (running) return;
      const ending = new AbortController();
      running = { ending, done: run(ending.signal) };
    },
    async stop() {
      running?.ending.abort();
      await running?.done;
      running = undefined;
    },
  };
}

type Outcome =
  | { readonly kind: 'rendered'; readonly variants: readonly RenderedVariant[] }
  | { readonly kind: 'failed'; readonly failure: Failure };

interface Failure {
  readonly code: string;
  readonly detail: string;
}

/** Turns a fault into what the author is told. */
function toFailure(error: unknown, row: BulletinRow, log: Logger): Failure {
  if (error instanceof AppError) return { code: error.code, detail: error.message };
  log.error({ err: error, bulletinId: row.id }, 'a bulletin could not be rendered');
  return { code: 'controller/unexpected', detail: 'something went wrong here; the log has the details' };
}

const toRow =
  ({ id, version }: BulletinRow) =>
  (variant: RenderedVariant) => ({
    bulletin_id: id,
    version,
    language: variant.language,
    parts: JSON.stringify(variant.parts),
    sounds: JSON.stringify(variant.sounds),
    spoken_text: variant.spokenText,
    duration_ms: variant.durationMs,
  });

const soundsOf = (variants: readonly RenderedVariant[]) =>
  Object.fromEntries(variants.map(({ language, sounds }) => [language, sounds.map(({ sha256 }) => sha256)]));

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
