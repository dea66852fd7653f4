import type { MessageOf, ReplyKind } from '@loa/contract';
import type { Clock, Logger } from '@loa/kernel';
import type { TimeAsker } from '../clock/time-asker.ts';
import type { Timekeeper } from '../clock/timekeeper.ts';
import type { JournalDelivery } from '../journal/delivery.ts';
import type { Greeter } from '../link/greeter.ts';
import type { SendOriginals } from './originals.ts';
import type { TrustAnchor } from './trust-anchor.ts';

/** Creates the handler of the controller's signed answers: welcome, ack, time. An answer nobody asked for is ignored. */
export function createAnswers({
  greeter,
  timeAsker,
  time,
  trust,
  delivery,
  welcomed,
  sendOriginals,
  clock,
  log,
}: {
  readonly greeter: Greeter;
  readonly timeAsker: TimeAsker;
  readonly time: Timekeeper;
  readonly trust: TrustAnchor;
  readonly delivery: JournalDelivery;
  /** Called with the controller's time at each welcome. */
  readonly welcomed: (timeMs: number) => void;
  readonly sendOriginals: SendOriginals;
  readonly clock: Clock;
  readonly log: Logger;
}): (message: MessageOf<ReplyKind>, kid: string) => void {
  const tellTime = (theirMs: number, sentMonotonicMs: number, kid: string) => {
    const record = trust.recordOf(kid);
    if (!record) return;
    const taken = time.offer({
      theirMs,
      sentMonotonicMs,
      gotMonotonicMs: clock.monotonicMs(),
      notBeforeMs: record.notBeforeMs,
      notAfterMs: record.notAfterMs,
    });
    if (!taken) log.warn({ theirMs }, 'a signed time was not believed');
    timeAsker.settled();
  };
  return (message, kid) => {
    if (message.kind === 'ack') return delivery.acknowledged(message.body);
    if (message.kind === 'time') {
      const askedMs = timeAsker.answered(message.body.nonce);
      if (askedMs !== undefined) tellTime(message.body.timeMs, askedMs, kid);
      return;
    }
    const greeting = greeter.welcome(message.body.nonce);
    if (!greeting) return log.debug({}, 'a welcome for another hello was ignored');
    if (greeting.isFirst) tellTime(message.body.timeMs, greeting.sentMonotonicMs, kid);
    welcomed(message.body.timeMs);
    delivery.welcomed(message.body.journal);
    void sendOriginals(message.body.wants).catch((error: unknown) =>
      log.error({ err: error }, 'the originals could not be written down'),
    );
  };
}
