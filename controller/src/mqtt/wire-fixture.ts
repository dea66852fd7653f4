import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createSigner,
  type Hello,
  type JournalEvent,
  type KeysBody,
  openMessage,
  packHealth,
  parseDeviceId,
  type Receipt,
  type SignedMessage,
  type StateOrder,
  type Trust,
  topicOf,
} from '@loa/contract';
import { aHealthSample, aHello, aSound, sha256Of, TEST_KEYS } from '@loa/contract/testing';
import { Secret, silentLogger, systemClock } from '@loa/kernel';
import { countingId, type FakeClock, fakeClock, memoryLogger } from '@loa/kernel/testing';
import { ROUTINE_RULES } from '@loa/schedules';
import mqtt from 'mqtt';
import { expect, onTestFinished, vi } from 'vitest';
import { createEmbeddedBroker } from '../broker/embedded-broker.ts';
import { type OpenDatabase, openDatabase } from '../db/database.ts';
import type { Actor } from '../http/access.ts';
import { createMetrics } from '../http/metrics.ts';
import { createLiveEvents } from '../live-events/live-events.service.ts';
import { loadSiteKeys, type SiteKeys } from '../orders/site-keys.service.ts';
import type { PlannableSeries } from '../series/series.service.ts';
import { openSampleStore } from '../telemetry/sample.store.ts';
import { createWire } from './wire.ts';

// Each test starts a broker process; on a busy machine that alone takes seconds.
vi.setConfig({ testTimeout: 60_000 });

/** The one box of these tests, serving the one cluster. */
export const BOX = parseDeviceId('box-1');
export const CLUSTER = 'clu-thon-1';
/** Somebody who may decide for the whole site. */
export const ADMIN: Actor = {
  userId: 'per_1',
  name: 'Trần Văn Bình',
  grants: [{ role: 'admin', areaId: 'are_1' }],
};
const LINK_KEY = Buffer.alloc(32, 7).toString('base64url');
const CONTROLLER = 'controller';
/** 07:00 in Viet Nam on Monday 2026-01-05, when the fake clock begins. */
const START = '2026-01-05T00:00:00Z';

/** A daily bulletin at 08:00 in Vietnamese, on the one cluster. */
export function aPlannable(overrides: Partial<PlannableSeries> = {}): PlannableSeries {
  return {
    id: 'ser_1',
    rootId: 'ser_1',
    title: 'Đăng ký khai sinh',
    clusterIds: [CLUSTER],
    rule: { kind: 'daily' },
    timeZone: 'Asia/Ho_Chi_Minh',
    firstDate: '2026-01-05',
    lastDate: null,
    localTime: '08:00:00',
    rules: ROUTINE_RULES,
    approved: { firstDate: '2026-01-01', lastDate: '2026-12-31' },
    bulletinId: 'bul_1',
    manifestSha: sha256Of('manifest'),
    repeat: { times: 1, gapMs: 0 },
    gainDb: 0,
    variants: [
      {
        language: 'vi',
        parts: [{ kind: 'sound', sound: 0 }],
        sounds: [aSound('speech')],
        durationMs: 15_000,
      },
    ],
    ...overrides,
  };
}

/** A folder that goes away with the test. */
export async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'loa-wire-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function seed({ db }: OpenDatabase, nowMs: number): Promise<void> {
  await db
    .insertInto('areas')
    .values({
      id: 'are_1',
      parent_id: null,
      name: 'Vĩnh Quang',
      kind: 'Xã',
      merged_into: null,
      created_ms: nowMs,
    })
    .execute();
  await db
    .insertInto('clusters')
    .values({
      id: CLUSTER,
      area_id: 'are_1',
      name: 'Thôn 1',
      languages: '["vi"]',
      gain_db: 0,
      calibration_ms: 0,
      warm_up_ms: 200,
      latitude: null,
      longitude: null,
      tags: '[]',
      retired_ms: null,
      created_ms: nowMs,
    })
    .execute();
  const { publicKey } = await createSigner(TEST_KEYS.device);
  await db
    .insertInto('devices')
    .values({
      id: BOX,
      cluster_id: CLUSTER,
      public_x: publicKey.x,
      kid: publicKey.kid,
      link_key: LINK_KEY,
      certificate_pem: null,
      state: 'active',
      enrolled_ms: nowMs,
      ended_ms: null,
    })
    .execute();
}

/** Waits for a fact to become true, and returns it, while the fake clock runs on. */
export type Until = <T>(fact: () => T | Promise<T>, stepMs?: number) => Promise<NonNullable<T>>;

/** A real broker, database and wire, on a clock that runs only while a test waits for something. */
export async function startWire({ series = [] as readonly PlannableSeries[] } = {}) {
  const folder = await aFolder();
  const clock = fakeClock(START);
  const nowMs = () => clock.now().epochMilliseconds;
  const database = await openDatabase(':memory:');
  const { db } = database;
  await seed(database, nowMs());
  const newId = countingId();
  const log = memoryLogger();
  const keys = await loadSiteKeys({ db, dataDir: folder, siteName: 'Xã Vĩnh Quang', clock, newId, log });
  const broker = createEmbeddedBroker({
    host: '127.0.0.1',
    port: 0,
    authenticate: async ({ username }) =>
      username === CONTROLLER ? { role: 'controller' } : { role: 'device', deviceId: username ?? '' },
    log: silentLogger,
    clock: systemClock,
  });
  await broker.start();
  const liveEvents = createLiveEvents({ db, clock });
  const metrics = createMetrics();
  const planned = { series };
  const wire = createWire(
    { db, clock, log, newId, liveEvents, metrics, random: () => 0.5 },
    {
      keys,
      samples: openSampleStore(join(folder, 'telemetry.db')),
      site: { timeZone: 'Asia/Ho_Chi_Minh' },
      login: () => ({
        url: broker.url(),
        clientId: CONTROLLER,
        username: CONTROLLER,
        password: new Secret('right'),
      }),
      listActiveSeries: async () => planned.series,
    },
  );
  const never = new AbortController().signal;
  onTestFinished(async () => {
    for (const part of wire.parts.toReversed()) await part.stop(never);
    await broker.stop(never);
    await database.close();
    expect(clock.sleepers()).toBe(0);
  });
  for (const part of wire.parts) await part.start();

  const until: Until = (fact, stepMs = 300) =>
    vi.waitFor(
      async () => {
        await clock.advance(stepMs);
        const found = await fact();
        if (!found) throw new Error('not yet');
        return found;
      },
      { timeout: 20_000, interval: 5 },
    );
  await until(() => wire.link.isOnline());
  const live = async (kind: string): Promise<readonly Record<string, unknown>[]> =>
    (await db.selectFrom('live_events').selectAll().where('kind', '=', kind).orderBy('id').execute()).map(
      ({ body }) => JSON.parse(body),
    );
  return { wire, db, database, keys, broker, clock, log, liveEvents, metrics, until, live, planned, nowMs };
}

/** A box that does only what the test says, with the real key and the real broker. */
export async function scriptBox(
  {
    broker,
    keys,
    clock,
    until,
  }: {
    readonly broker: { url(): string };
    readonly keys: SiteKeys;
    readonly clock: FakeClock;
    readonly until: Until;
  },
  {
    signingKey = TEST_KEYS.device as Parameters<typeof createSigner>[0],
    will = undefined as object | undefined,
  } = {},
) {
  const signer = await createSigner(signingKey);
  const client = await mqtt.connectAsync(
    broker.url(),
    {
      clientId: BOX,
      username: BOX,
      password: LINK_KEY,
      keepalive: 30,
      reconnectPeriod: 0,
      ...(will
        ? {
            will: {
              topic: topicOf(BOX, 'status'),
              payload: Buffer.from(JSON.stringify(will)),
              qos: 1,
              retain: true,
            },
          }
        : {}),
    },
    false,
  );
  client.on('error', () => {});
  onTestFinished(() => void client.end(true));
  const got: { channel: string; payload: Buffer }[] = [];
  client.on('message', (topic, payload) =>
    got.push({ channel: topic.split('/').slice(4).join('/'), payload }),
  );
  for (const channel of ['order', 'welcome', 'ack', 'time/res'] as const)
    await client.subscribeAsync(topicOf(BOX, channel), { qos: 1 });
  const keysOf = async (): Promise<KeysBody> => {
    const opened = await openMessage(await keys.keysJws(), { device: BOX, root: keys.root, keys: undefined });
    if (!opened.ok || opened.message.kind !== 'keys') throw new Error('the keys do not open');
    return opened.message.body;
  };
  const trust: Trust = { device: BOX, root: keys.root, keys: await keysOf() };
  const messages: { message: SignedMessage; jws: string }[] = [];
  let read = 0;
  /** Opens what has come as a box does, refusing what a box would refuse. */
  const opened = async () => {
    for (; read < got.length; read++) {
      const { channel, payload } = got[read] as (typeof got)[number];
      if (payload[0] === 1) continue; // a ping
      const jws = payload.toString('latin1');
      const judged = await openMessage(jws, trust, {
        channel: channel as 'order',
        nowMs: clock.now().epochMilliseconds,
      });
      if (!judged.ok) throw new Error(`a box would refuse this: ${judged.code} ${judged.why}`);
      messages.push({ message: judged.message, jws });
    }
    return messages;
  };
  const allOf = async <Kind extends SignedMessage['kind']>(kind: Kind) =>
    (await opened()).flatMap(({ message, jws }) =>
      message.kind === kind ? [{ message: message as Extract<SignedMessage, { kind: Kind }>, jws }] : [],
    );
  const publish = (channel: Parameters<typeof topicOf>[1], payload: string | Buffer) =>
    client.publishAsync(topicOf(BOX, channel), payload, { qos: 1, retain: channel === 'status' });
  const signed = { v: 1 as const, suite: 'eddsa-1' as const, device: BOX };
  let nonces = 0;
  return {
    client,
    got,
    trust,
    messages,
    publish,
    all: allOf,
    /** Waits for the `nth` message of a kind, from 1. */
    next: <Kind extends SignedMessage['kind']>(kind: Kind, nth = 1) =>
      until(async () => (await allOf(kind))[nth - 1]),
    /** Resolves when everything the controller has sent so far is here: an answer comes after what went before it. */
    async sync() {
      const nonce = Buffer.alloc(16, ++nonces).toString('base64url');
      await publish('time/req', JSON.stringify({ v: 1, nonce }));
      await until(async () => (await allOf('time')).some(({ message }) => message.body.nonce === nonce));
    },
    async hello(overrides: Partial<Hello> = {}) {
      const nonce = Buffer.alloc(16, ++nonces).toString('base64url');
      await publish('hello', JSON.stringify(aHello({ nonce, ...overrides })));
      return nonce;
    },
    async receipt(order: StateOrder | { id: string; kind: string }, overrides: Partial<Receipt> = {}) {
      await publish(
        'receipt',
        await signer.sign({
          ...signed,
          atMs: clock.now().epochMilliseconds,
          clock: 'trusted',
          orderId: order.id,
          kind: order.kind,
          revision: 'rev' in order ? { epoch: order.epoch, rev: order.rev } : null,
          verdict: 'accepted',
          code: null,
          detail: '',
          ...overrides,
        }),
      );
    },
    async journal(events: readonly JournalEvent[], journalId = 'jrn-1') {
      await publish('journal', await signer.sign({ ...signed, journalId, events }));
    },
    health: (overrides: Parameters<typeof aHealthSample>[0] = {}) =>
      publish('health', Buffer.from(packHealth(aHealthSample(overrides)))),
    status: (state: 'online' | 'offline', birth: number, instanceId = 'inst-1') =>
      publish('status', JSON.stringify({ v: 1, state, birth, instanceId })),
  };
}
