import { LIMITS, type Signer, SUITES } from '@loa/contract';
import { type Clock, type DeviceId, type Logger, MAX_SLEEP_MS, type Part } from '@loa/kernel';
import type { Publish } from '../link/link.ts';
import type { Journal, StoredEvent } from './journal.ts';

/** Where a journal stands, as an `ack` or a `welcome` says it. */
interface Position {
  readonly journalId: string;
  readonly seq: number;
}

/** Brings the journal to the controller: sent until its signed answer says that it is committed (P5). */
export interface JournalDelivery extends Part {
  /** The controller has greeted this connection and says what it holds; it may be less than the box thought. */
  welcomed(position: Position | null): void;
  /** The controller has committed everything up to here. */
  acknowledged(position: Position): void;
  /** The connection is gone: nothing is sent until the next welcome. */
  disconnected(): void;
}

/** Two batches keep a slow line busy; more would only be sent twice when it breaks. */
const WINDOW = 2;
/** Before signing, which deflates: a batch stays far below the 64 KiB of a message. */
const BATCH_BYTES = 32 * 1024;
const RESEND_MS = 10_000;
const SLOWEST_RESEND_MS = 120_000;

/** Creates the delivery of one journal. */
export function createJournalDelivery({
  journal,
  publish,
  signer,
  device,
  clock,
  log,
}: {
  readonly journal: Journal;
  readonly publish: Publish;
  readonly signer: Signer;
  readonly device: DeviceId;
  readonly clock: Clock;
  readonly log: Logger;
}): JournalDelivery {
  let life: AbortController | undefined;
  let loop: Promise<void> | undefined;
  let isWelcome = false;
  let inFlight: { readonly to: number; readonly sentMs: number }[] = [];
  let resendMs = RESEND_MS;
  let wake = Promise.withResolvers<void>();

  const nudge = () => wake.resolve();
  const startOver = () => {
    inFlight = [];
  };

  const send = async (events: readonly StoredEvent[], signal: AbortSignal) => {
    const batch = {
      v: 1,
      suite: SUITES[0],
      device,
      journalId: journal.id,
      events: events.map(({ json }) => JSON.parse(json)),
    };
    await publish('journal', await signer.sign(batch), { signal });
  };

  /** Sends what the window allows. Returns how long nothing needs to be done. */
  const pump = async (signal: AbortSignal): Promise<number> => {
    const oldest = inFlight[0];
    if (oldest && clock.monotonicMs() - oldest.sentMs >= resendMs) {
      resendMs = Math.min(resendMs * 2, SLOWEST_RESEND_MS);
      startOver();
    }
    while (isWelcome && inFlight.length < WINDOW) {
      const sentTo = inFlight.at(-1)?.to ?? journal.ackedTo();
      const events = journal.after(sentTo, { maxEvents: LIMITS.eventsPerBatch, maxBytes: BATCH_BYTES });
      const to = events.at(-1)?.seq;
      if (to === undefined) break;
      inFlight.push({ to, sentMs: clock.monotonicMs() });
      await send(events, signal);
    }
    return inFlight[0] ? Math.max(0, inFlight[0].sentMs + resendMs - clock.monotonicMs()) : MAX_SLEEP_MS;
  };

  const run = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      wake = Promise.withResolvers<void>();
      let restMs: number;
      try {
        restMs = await pump(signal);
      } catch (error) {
        if (signal.aborted) return;
        log.debug({ err: error }, 'a journal batch could not be sent and stays in the outbox');
        startOver();
        restMs = resendMs;
      }
      const rest = new AbortController();
      await Promise.race([
        wake.promise,
        clock
          .sleep(Math.min(restMs, MAX_SLEEP_MS), { signal: AbortSignal.any([signal, rest.signal]) })
          .catch(() => {}),
      ]);
      rest.abort();
    }
  };

  const isOurs = ({ journalId }: Position) => journalId === journal.id;
  let stopListening = () => {};
  return {
    name: 'journal delivery',
    start() {
      if (life) return;
      life = new AbortController();
      stopListening = journal.onAppend(nudge);
      loop = run(life.signal);
    },
    async stop() {
      stopListening();
      life?.abort();
      life = undefined;
      nudge();
      await loop;
    },
    welcomed(position) {
      const seq = position && isOurs(position) ? position.seq : 0;
      const head = journal.head();
      if (seq > head) {
        // The disk was put back to an earlier copy: those numbers are taken, and what they said is safe over there.
        log.error({ code: 'journal/went-back', head, seq }, 'the journal is older than what was delivered');
        journal.skipTo(seq);
        journal.append({
          kind: 'fault',
          code: 'journal/went-back',
          detail: `this journal ended at ${head}, the controller holds ${seq}`,
        });
      }
      journal.setAckedTo(seq);
      isWelcome = true;
      resendMs = RESEND_MS;
      startOver();
      nudge();
    },
    acknowledged(position) {
      if (!isOurs(position) || position.seq <= journal.ackedTo() || position.seq > journal.head()) return;
      journal.setAckedTo(position.seq);
      inFlight = inFlight.filter(({ to }) => to > position.seq);
      resendMs = RESEND_MS;
      nudge();
    },
    disconnected() {
      isWelcome = false;
      startOver();
    },
  };
}
