import {
  compareRevisions,
  LIMITS,
  type MessageOf,
  openMessage,
  type RefusalCode,
  type StateOrder,
} from '@loa/contract';
import { type Clock, type Logger, MAX_SLEEP_MS, type Part } from '@loa/kernel';
import type { FetchOrder } from '../cache/fetch-order.ts';
import type { HeldStates } from './held-states.ts';
import type { OrderName, Receipts } from './receipts.ts';
import type { StateStore } from './state-store.ts';
import type { TrustAnchor } from './trust-anchor.ts';

/** Obeys states: the newest wins, the rest is answered. */
export interface StateOrders extends Part {
  handle(order: StateOrder, jws: string): void;
}

const nameOf = ({ id, kind, epoch, rev }: StateOrder): OrderName => ({ id, kind, revision: { epoch, rev } });

/** Creates the handler of states. A plan by hash is fetched beside, so that nothing waits behind it. */
export function createStateOrders({
  states,
  held,
  trust,
  receipts,
  fetchOrder,
  clock,
  log,
}: {
  readonly states: StateStore;
  readonly held: HeldStates;
  readonly trust: TrustAnchor;
  readonly receipts: Receipts;
  readonly fetchOrder: FetchOrder;
  readonly clock: Clock;
  readonly log: Logger;
}): StateOrders {
  let fetching:
    | { readonly order: MessageOf<'plan'>; readonly digest: string; readonly control: AbortController }
    | undefined;

  const refuseStale = (order: StateOrder) => {
    const current = states.held(order.kind);
    receipts.refuse(nameOf(order), 'order/stale', `(${current?.epoch}, ${current?.rev}) is held`);
  };

  const keep = (message: StateOrder, jws: string, name: OrderName) => {
    try {
      states.keep(message.kind, message, jws);
    } catch (error) {
      log.error({ err: error, kind: message.kind }, 'a state could not be written down');
      return receipts.refuse(name, 'order/not-stored', 'the box could not write it down');
    }
    held.adopt(message);
    log.info({ kind: message.kind, epoch: message.epoch, rev: message.rev }, 'a newer state is held');
    receipts.accept(name);
  };

  const openFetched = async (
    order: MessageOf<'plan'>,
    jws: string,
  ): Promise<MessageOf<'plan'> | RefusalCode> => {
    const judged = await openMessage(jws, trust.current(), { maxBytes: LIMITS.fetchedOrder });
    if (!judged.ok) return judged.code;
    const { message } = judged;
    const isSame =
      message.kind === 'plan' &&
      message.body.kind === 'inline' &&
      message.epoch === order.epoch &&
      message.rev === order.rev;
    return isSame ? message : 'order/bad-payload';
  };

  const fetchPlan = async (order: MessageOf<'plan'>, digest: string, signal: AbortSignal) => {
    for (let waitMs = 1_000; ; waitMs = Math.min(2 * waitMs, MAX_SLEEP_MS)) {
      try {
        const jws = await fetchOrder(digest, { signal });
        const message = await openFetched(order, jws);
        if (signal.aborted) return;
        if (typeof message === 'string')
          return receipts.refuse(nameOf(order), message, 'the fetched plan does not open');
        if (states.judge('plan', message, jws) !== 'newer') return refuseStale(order);
        return keep(message, jws, nameOf(order));
      } catch (error) {
        signal.throwIfAborted();
        log.warn({ err: error, digest }, 'a plan could not be fetched yet');
        await clock.sleep(waitMs, { signal });
      }
    }
  };

  const giveUpFetching = () => {
    fetching?.control.abort();
    fetching = undefined;
  };

  /** What is being fetched is of no use once something as new is held. */
  const giveUpStaleFetch = () => {
    if (!fetching || states.judge('plan', fetching.order, '') === 'newer') return;
    refuseStale(fetching.order);
    giveUpFetching();
  };

  return {
    name: 'states',
    start() {},
    stop: giveUpFetching,
    handle(order, jws) {
      const name = nameOf(order);
      const current = states.held(order.kind);
      const byHash = order.kind === 'plan' && order.body.kind === 'by-hash' ? order.body.sha256 : undefined;
      const isHeldByHash =
        byHash !== undefined &&
        current?.digest === byHash &&
        current.epoch === order.epoch &&
        current.rev === order.rev;
      const offer = isHeldByHash ? 'same' : states.judge(order.kind, order, jws);
      if (offer === 'same') return receipts.accept(name, 'held already');
      if (offer === 'stale') return refuseStale(order);
      if (order.kind === 'update')
        return receipts.refuse(name, 'order/unsupported', 'this agent cannot update itself yet');
      if (order.kind !== 'plan' || byHash === undefined) {
        keep(order, jws, name);
        return giveUpStaleFetch();
      }
      if (fetching?.digest === byHash) return;
      if (fetching && compareRevisions(order, fetching.order) < 0)
        return receipts.refuse(name, 'order/stale', 'a newer one is being fetched');
      giveUpFetching();
      const control = new AbortController();
      fetching = { order, digest: byHash, control };
      void fetchPlan(order, byHash, control.signal)
        .catch((error: unknown) => {
          if (!control.signal.aborted) log.error({ err: error }, 'a plan could not be fetched');
        })
        .finally(() => {
          if (fetching?.control === control) fetching = undefined;
        });
    },
  };
}
