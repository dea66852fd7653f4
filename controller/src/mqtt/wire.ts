import type { Clock, Logger, Part, RandomId } from '@loa/kernel';
import { isWitnessed } from '../audit/audit.service.ts';
import type { Db } from '../db/database.ts';
import { createHolds, type Holds } from '../holds/hold.service.ts';
import type { Metrics } from '../http/metrics.ts';
import { createJournalIntake } from '../ledger/journal.service.ts';
import { createLedger, type Ledger } from '../ledger/ledger.service.ts';
import type { LiveEvents } from '../live-events/live-events.service.ts';
import { createAnswers } from '../orders/answer.service.ts';
import { createBoxStore } from '../orders/box.store.ts';
import { createDelivery } from '../orders/delivery.ts';
import { createGreetings } from '../orders/greeting.service.ts';
import { createOrders, type Orders } from '../orders/order.service.ts';
import { createReceipts } from '../orders/receipt.service.ts';
import { createRestore, type Restore } from '../orders/restore.service.ts';
import type { SiteKeys } from '../orders/site-keys.service.ts';
import { createClusterStates } from '../plans/cluster-states.ts';
import { createPlanner, type PlannerPart } from '../plans/planner.service.ts';
import { createPolicies, type Policies } from '../plans/policy.service.ts';
import type { PlannableSeries } from '../series/series.service.ts';
import { createCloneWatch } from '../telemetry/clones.ts';
import { createPinger } from '../telemetry/pinger.ts';
import { createPresence } from '../telemetry/presence.service.ts';
import { createPresenceStore } from '../telemetry/presence.store.ts';
import type { SampleStore } from '../telemetry/sample.store.ts';
import { createTelemetry, type Telemetry } from '../telemetry/telemetry.service.ts';
import type { Random } from './back-off.ts';
import { type BoxHandlers, createBoxGateway } from './box.gateway.ts';
import { type BoxLink, type BrokerLogin, createBoxLink } from './box-link.ts';

/** The outside world and what every feature may use. */
export interface WireWorld {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Logger;
  readonly newId: RandomId;
  readonly liveEvents: LiveEvents;
  readonly metrics: Pick<Metrics, 'labelledCounter' | 'gauge'>;
  readonly random: Random;
}

/** Everything between people's decisions and boxes. */
export interface Wire {
  /** In the order of starting: after the broker, before HTTP. */
  readonly parts: readonly Part[];
  readonly link: Pick<BoxLink, 'isOnline'>;
  readonly planner: PlannerPart;
  readonly policies: Policies;
  readonly orders: Orders;
  readonly restore: Restore;
  readonly ledger: Ledger;
  readonly holds: Holds;
  readonly telemetry: Telemetry;
}

/** Builds the wire from the leaves up. Nothing happens before its parts start. */
export function createWire(
  world: WireWorld,
  {
    keys,
    samples,
    site,
    login,
    listActiveSeries,
  }: {
    readonly keys: SiteKeys;
    readonly samples: SampleStore;
    readonly site: { readonly timeZone: string };
    readonly login: () => BrokerLogin;
    readonly listActiveSeries: (db: Db) => Promise<readonly PlannableSeries[]>;
  },
): Wire {
  const { db, clock, newId, liveEvents, metrics, random } = world;
  const logOf = (part: string) => world.log.child({ part });
  const boxes = createBoxStore(db);
  const receive = (topic: string, payload: Uint8Array) => gateway(topic, payload);
  const link = createBoxLink({ login, receive, clock, log: logOf('box link'), random });

  // Orders
  const delivery = createDelivery({ db, link, clock, log: logOf('order delivery'), random });
  link.onOnline(delivery.nudge);
  const onDue = delivery.nudge;
  const orders = createOrders({ db, keys, clock, newId, onDue });
  const greetings = createGreetings({ db, keys, link, clock, newId, log: logOf('greetings'), onDue });
  const answers = createAnswers({ db, keys, link, clock, newId, onDue });
  const receipts = createReceipts({ db, answers, liveEvents, log: logOf('receipts') });
  const restore = createRestore({ db, keys, clock, log: logOf('restore'), liveEvents });

  // Plans and holds
  const policies = createPolicies({
    db,
    clock,
    timeZone: site.timeZone,
    onChanged: () => planner.replan('all'),
  });
  const states = createClusterStates({
    db,
    orders,
    policies,
    listActiveSeries,
    site,
    world: { clock, log: logOf('planner'), liveEvents },
  });
  const planner = createPlanner({ states, clock, log: logOf('planner') });
  const holds = createHolds({ db, orders, world: { clock, newId, log: logOf('holds'), liveEvents } });

  // What boxes say
  const presence = createPresence({ db, clock, liveEvents, log: logOf('presence') });
  const journal = createJournalIntake({
    db,
    answers,
    restore,
    presence,
    world: { clock, log: logOf('journal'), liveEvents },
  });
  const pinger = createPinger({ db, link, presence, clock, log: logOf('pinger') });
  const telemetry = createTelemetry({ samples, pinger, answers, presence, clock });
  const clones = createCloneWatch();
  const handlers: BoxHandlers = {
    async hello(box, message) {
      const { isNewJournal } = await greetings.welcome(box, message);
      await presence.greeted(box, message, isNewJournal);
      if (message.auditHead && !(await isWitnessed(db, message.auditHead))) {
        world.log.error(
          { deviceId: box.id, witnessed: message.auditHead },
          'a box has seen audit rows that are not here',
        );
        await liveEvents.publish({ kind: 'alarm', clusterId: box.clusterId, code: 'audit/contradicted' });
      }
      const twins = clones.hear(box.id, message.instanceId, message.nonce);
      if (twins) await presence.cloned(box, twins);
    },
    status: (box, message) => presence.said(box, message),
    timeRequest: (box, { nonce }) => greetings.tellTime(box, nonce),
    async receipt(box, jws) {
      const why = await receipts.receive(box, jws);
      if (why === undefined) await presence.heard(box); // a forged one proves nothing
      return why;
    },
    journal: journal.receive,
    health: telemetry.receive,
  };
  const gateway = createBoxGateway({
    findBox: boxes.find,
    handlers,
    count: counters(metrics),
    log: logOf('box gateway'),
  });
  registerGauges(world, link);

  const samplesPart: Part = { name: 'telemetry file', start() {}, stop: () => samples.close() };
  return {
    parts: [samplesPart, link, delivery, pinger, planner],
    link,
    planner,
    policies,
    orders,
    restore,
    ledger: createLedger({ db, clock }),
    holds,
    telemetry,
  };
}

function counters(metrics: WireWorld['metrics']) {
  const came = metrics.labelledCounter(
    'loa_box_messages_total',
    'Messages of known boxes, by channel',
    'channel',
  );
  const refused = metrics.labelledCounter(
    'loa_box_messages_refused_total',
    'Messages that were not taken, by reason',
    'why',
  );
  return {
    came: (channel: string) => came.inc(channel),
    refused: (why: string) => refused.inc(why),
  };
}

function registerGauges({ db, metrics }: WireWorld, link: Pick<BoxLink, 'isOnline'>): void {
  const presence = createPresenceStore(db);
  metrics.gauge('loa_boxes_online', 'Active boxes that are heard', () => presence.count(true));
  metrics.gauge('loa_boxes_offline', 'Active boxes that are not heard', () => presence.count(false));
  metrics.gauge('loa_box_link_up', 'Whether the controller is connected to the broker', () =>
    link.isOnline() ? 1 : 0,
  );
}
