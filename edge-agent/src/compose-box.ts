import { join } from 'node:path';
import { createSigner, LIMITS, type PrivateJwk } from '@loa/contract';
import { type Logger, type Part, Secret } from '@loa/kernel';
import { createDownload } from './cache/download.ts';
import { createFetchOrder } from './cache/fetch-order.ts';
import { createMediaFolder } from './cache/media-folder.ts';
import { createPatience } from './cache/patience.ts';
import { createPrefetch } from './cache/prefetch.ts';
import { readinessPercent, soundsOfPins, soundsOfPlan } from './cache/wanted-sounds.ts';
import { createTimeAsker } from './clock/time-asker.ts';
import type { Timekeeper } from './clock/timekeeper.ts';
import { composeHorn } from './compose-horn.ts';
import type { AgentConfig } from './config.ts';
import type { AgentDatabase } from './db/agent-database.ts';
import type { Identity } from './enrol/identity.ts';
import { readMachineHealth } from './health/machine-health.ts';
import { createHealthSampler } from './health/sampler.ts';
import { createJournalDelivery } from './journal/delivery.ts';
import type { Journal } from './journal/journal.ts';
import { createJournalKeeper } from './journal/keeper.ts';
import { asBox } from './link/as-box.ts';
import { createGreeter } from './link/greeter.ts';
import type { HttpRequest } from './link/http.ts';
import type { Publish } from './link/link.ts';
import { createMqttLink } from './link/mqtt-link.ts';
import { openActInbox } from './orders/act-inbox.ts';
import { createActOrders } from './orders/act-orders.ts';
import { createAnswers } from './orders/answers.ts';
import { loadHeldStates } from './orders/held-states.ts';
import { createIntake } from './orders/intake.ts';
import { createOriginals } from './orders/originals.ts';
import { createReceipts } from './orders/receipts.ts';
import { createRefusals } from './orders/refusals.ts';
import { createStateOrders } from './orders/state-orders.ts';
import { openStateStore } from './orders/state-store.ts';
import { establishTrust } from './orders/trust-anchor.ts';
import { createTraffic } from './traffic.ts';
import { AGENT_VERSION } from './version.ts';

/** What a box does before its first `config` state arrives. */
const DEFAULT_KEEPALIVE_S = 45;
const DEFAULT_HEALTH_EVERY_S = 60;
const DEFAULT_MEDIA_BUDGET_BYTES = 2_000_000_000;
const READY_WITHIN_MS = 86_400_000;

/** Builds everything that serves one enrolled box. The parts are in the order in which they start. */
export async function composeBox({
  config,
  http,
  identity,
  key,
  database,
  journal,
  time,
  bootId,
  instanceId,
  log,
  random,
}: {
  readonly config: AgentConfig;
  readonly http: HttpRequest;
  readonly identity: Identity;
  readonly key: PrivateJwk;
  readonly database: AgentDatabase;
  readonly journal: Journal;
  readonly time: Timekeeper;
  readonly bootId: string;
  readonly instanceId: string;
  readonly log: Logger;
  readonly random: () => number;
}): Promise<readonly Part[]> {
  const { clock } = time;
  const device = identity.deviceId;
  const linkKey = new Secret(identity.linkKey);
  const signer = await createSigner(key);
  const traffic = createTraffic(time);

  const states = openStateStore({ database });
  const trust = await establishTrust({ device, root: identity.root, enrolledKeys: identity.keys, states });
  const held = await loadHeldStates({ states, trust, log, maxBytes: LIMITS.fetchedOrder });
  const firstWelcomeMs = () => numberOrNothing(database.recall('first-welcome-ms'));

  const request = asBox(http, { device, linkKey });
  const patience = createPatience({ clock });
  const folder = createMediaFolder({ dir: join(config.dataDir, 'media'), database });
  await folder.open();
  const prefetch = createPrefetch({
    folder,
    download: createDownload({ request, patience, count: traffic.add }),
    journal,
    budgetBytes: () => held.config()?.mediaBudgetBytes ?? DEFAULT_MEDIA_BUDGET_BYTES,
    clock,
    log: log.child({ part: 'media' }),
  });
  const wantFromStates = () => {
    const { nowMs } = time.read();
    const plan = held.plan();
    const pins = held.config();
    if (plan) prefetch.want('plan', soundsOfPlan(plan.content, nowMs));
    if (pins) prefetch.want('pins', soundsOfPins(pins, nowMs));
  };
  wantFromStates();
  held.onChange(wantFromStates);

  const horn = composeHorn({
    config,
    device,
    database,
    journal,
    time,
    held,
    prefetch,
    firstWelcomeMs,
    bootId,
    log,
  });

  // The link needs the intake and the intake needs the link: the messages meet here.
  const publish: Publish = (channel, payload, options) => {
    traffic.add(payload.length);
    return link.publish(channel, payload, options);
  };
  const refusals = createRefusals({ journal, clock, log });
  const receipts = createReceipts({ journal, publish, signer, device, time, log });
  const link = createMqttLink({
    url: identity.mqttUrl,
    device,
    linkKey,
    instanceId,
    nextBirth: () => {
      const birth = Number(database.recall('births') ?? 0) + 1;
      database.remember('births', String(birth));
      return birth;
    },
    keepaliveS: () => held.config()?.keepaliveS ?? DEFAULT_KEEPALIVE_S,
    receive: (channel, payload) => {
      traffic.add(payload.length);
      return intake(channel, payload);
    },
    clock,
    log: log.child({ part: 'link' }),
    random,
  });
  const delivery = createJournalDelivery({
    journal,
    publish,
    signer,
    device,
    clock,
    log: log.child({ part: 'journal' }),
  });
  const timeAsker = createTimeAsker({ link, time, clock, log });
  const greeter = createGreeter({
    link,
    makeHello: (nonce) => {
      const { nowMs, state, uncertaintyMs } = time.read();
      const plan = held.plan();
      return {
        v: 1,
        nonce,
        bootId,
        instanceId,
        birth: Number(database.recall('births') ?? 1),
        agentVersion: AGENT_VERSION,
        protocols: [1],
        states: states.greeting(),
        journal: { journalId: journal.id, seq: journal.head() },
        ackedTo: journal.ackedTo(),
        clock: { state, nowMs: Math.round(nowMs), uncertaintyMs },
        failSafe: horn.failSafe,
        ...(plan ? { auditHead: plan.content.auditHead } : {}),
      };
    },
    clock,
    log,
    random,
  });
  const health = createHealthSampler({
    publish,
    everyS: () => held.config()?.healthEveryS ?? DEFAULT_HEALTH_EVERY_S,
    parts: () => {
      const plan = held.plan();
      const nowMs = time.read().nowMs;
      const sounds = plan ? soundsOfPlan(plan.content, nowMs) : [];
      return {
        ...horn.health(),
        readinessPercent: readinessPercent(
          sounds,
          nowMs + READY_WITHIN_MS,
          ({ sha256 }) => prefetch.path(sha256) !== undefined,
        ),
        gainDb: held.config()?.gainDb ?? null,
        todayKib: traffic.todayKib(),
        refusedCount: refusals.total(),
      };
    },
    machine: () => readMachineHealth(config.dataDir),
    states,
    journal,
    time,
    clock,
    log,
  });
  link.onChange((isOnline) => {
    if (isOnline) health.soon();
    else delivery.disconnected();
  });
  const stateOrders = createStateOrders({
    states,
    held,
    trust,
    receipts,
    fetchOrder: createFetchOrder({ request, patience }),
    clock,
    log: log.child({ part: 'orders' }),
  });
  const intake = createIntake({
    device,
    pingKey: new Secret(Buffer.from(identity.linkKey, 'base64url')),
    trust,
    time,
    refusals,
    receipts,
    handlers: {
      state: stateOrders.handle,
      act: createActOrders({
        inbox: openActInbox({ database, firstWelcomeMs }),
        held,
        receipts,
        targets: horn.director,
        time,
        askTime: timeAsker.ask,
        log: log.child({ part: 'orders' }),
      }),
      answer: createAnswers({
        greeter,
        timeAsker,
        time,
        trust,
        delivery,
        welcomed: (timeMs) => {
          if (firstWelcomeMs() === undefined) database.remember('first-welcome-ms', String(timeMs));
        },
        sendOriginals: createOriginals({ states, journal, request, patience, log }),
        clock,
        log: log.child({ part: 'orders' }),
      }),
      ping: health.ping,
    },
  });
  return [
    createJournalKeeper({ database, journal, time, clock, log }),
    prefetch,
    ...horn.parts,
    stateOrders,
    delivery,
    greeter,
    timeAsker,
    health,
    link,
  ];
}

function numberOrNothing(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
