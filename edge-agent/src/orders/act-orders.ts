import type { ActOrder, MessageOf } from '@loa/contract';
import type { Logger } from '@loa/kernel';
import type { TimeReading } from '../clock/timekeeper.ts';
import type { ActInbox } from './act-inbox.ts';
import { emergencyHourStart, fitsEmergencyRate, isPreAuthorised } from './emergency-rate.ts';
import type { HeldStates } from './held-states.ts';
import type { OrderName, Receipts } from './receipts.ts';

/** What an act may set in motion. */
export interface ActTargets {
  play(act: MessageOf<'play'>): void;
  cancel(actId: string): void;
}

const nameOf = ({ id, kind }: ActOrder): OrderName => ({ id, kind, revision: null });

/**
 * Creates the handler of acts: each is obeyed at most once, before it expires, and answered.
 * `askTime` gets a signed time when the box does not know it; an act then waits for the answer, at most 2 s.
 */
export function createActOrders({
  inbox,
  held,
  receipts,
  targets,
  time,
  askTime,
  log,
}: {
  readonly inbox: ActInbox;
  readonly held: HeldStates;
  readonly receipts: Receipts;
  readonly targets: ActTargets;
  readonly time: { read(): TimeReading };
  readonly askTime: () => Promise<void>;
  readonly log: Logger;
}): (act: ActOrder) => void {
  const playFault = (act: MessageOf<'play'>) => {
    const config = held.config();
    if (!isPreAuthorised(act.body, config?.pinned ?? []))
      return { code: 'order/not-pre-authorised', why: 'the template it names is not held here' } as const;
    const { nowMs } = time.read();
    const plays = inbox.countSince('play', emergencyHourStart(nowMs));
    if (act.body.rules.class === 'emergency' && config && !fitsEmergencyRate(act.body, plays, config))
      return { code: 'order/rate-limited', why: `${plays} were played in the last hour` } as const;
    return undefined;
  };

  const obey = (act: ActOrder) => {
    const name = nameOf(act);
    if (act.kind !== 'play' && act.kind !== 'cancel')
      return receipts.refuse(name, 'order/unsupported', `this agent cannot do a ${act.kind} yet`);
    try {
      const refusal = (act.kind === 'play' ? playFault(act) : undefined) ?? inbox.take(act, time.read());
      if (refusal) return receipts.refuse(name, refusal.code, refusal.why);
      if (act.kind === 'cancel') inbox.withdraw(act.body.actId, time.read());
    } catch (error) {
      log.error({ err: error, act: act.id }, 'an act could not be written down and is not obeyed');
      return receipts.refuse(name, 'order/not-stored', 'the box could not write it down');
    }
    receipts.accept(name);
    if (act.kind === 'cancel') targets.cancel(act.body.actId);
    else targets.play(act);
  };

  return (act) => {
    if (time.read().state !== 'untrusted') return obey(act);
    void askTime()
      .then(() => obey(act))
      .catch((error: unknown) => log.error({ err: error }, 'an act could not be judged'));
  };
}
