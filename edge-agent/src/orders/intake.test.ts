import {
  createSigner,
  deviceId,
  EVERY_BOX,
  type MessageOf,
  packPing,
  type ReplyKind,
  type Signer,
} from '@loa/contract';
import { aConfig, aKeyRecord, aPlan, aPolicy, EXAMPLE_MS, someKeys, TEST_KEYS } from '@loa/contract/testing';
import { Secret } from '@loa/kernel';
import { fakeClock, memoryLogger } from '@loa/kernel/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { aJournal } from '../journal/journal-rig.ts';
import { aPlay } from '../playout/director-rig.ts';
import { openActInbox } from './act-inbox.ts';
import { createActOrders } from './act-orders.ts';
import { loadHeldStates } from './held-states.ts';
import { createIntake } from './intake.ts';
import { createReceipts } from './receipts.ts';
import { createRefusals } from './refusals.ts';
import { createStateOrders } from './state-orders.ts';
import { openStateStore } from './state-store.ts';
import { establishTrust } from './trust-anchor.ts';

const DEVICE = deviceId.parse('box-0001');
const LINK_KEY = new Uint8Array(32).fill(7);
const bytes = (text: string) => Buffer.from(text);

/** Everything between the wire and what may sound, on a real database. */
async function anIntake() {
  const clock = fakeClock(Temporal.Instant.fromEpochMilliseconds(EXAMPLE_MS).toString());
  const { database, journal, all } = aJournal({ clock });
  const log = memoryLogger();
  let state: 'trusted' | 'untrusted' = 'trusted';
  const time = { read: () => ({ nowMs: clock.now().epochMilliseconds, state, uncertaintyMs: 10 }) };
  const [root, order, stranger, device] = await Promise.all(
    [TEST_KEYS.root, TEST_KEYS.order, TEST_KEYS.stranger, TEST_KEYS.device].map(createSigner),
  );
  if (!root || !order || !stranger || !device) throw new TypeError('keys');
  const base = { v: 1, suite: 'eddsa-1', device: DEVICE, id: 'ord_1', issuedAtMs: EXAMPLE_MS } as const;
  const keys = {
    ...base,
    kind: 'keys',
    device: EVERY_BOX,
    epoch: 0,
    rev: 1,
    body: someKeys({ orderKeys: [aKeyRecord(order.publicKey)] }),
  };
  const states = openStateStore({ database });
  const trust = await establishTrust({
    device: DEVICE,
    root: root.publicKey,
    enrolledKeys: await root.sign(keys),
    states,
  });
  const held = await loadHeldStates({ states, trust, log, maxBytes: 1e6 });
  const published: string[] = [];
  const receipts = createReceipts({
    journal,
    publish: async (_, payload) => void published.push(String(payload)),
    signer: device,
    device: DEVICE,
    time,
    log,
  });
  const refusals = createRefusals({ journal, clock, log });
  const obeyed: string[] = [];
  const answers: MessageOf<ReplyKind>[] = [];
  const pings: Uint8Array[] = [];
  let firstWelcomeMs: number | undefined = EXAMPLE_MS - 1000;
  const fetched = new Map<string, string | Promise<string>>();
  const stateOrders = createStateOrders({
    states,
    held,
    trust,
    receipts,
    fetchOrder: async (digest) => fetched.get(digest) ?? Promise.reject(new Error('not there')),
    clock,
    log,
  });
  const intake = createIntake({
    device: DEVICE,
    pingKey: new Secret(LINK_KEY),
    trust,
    time,
    refusals,
    receipts,
    handlers: {
      state: stateOrders.handle,
      act: createActOrders({
        inbox: openActInbox({ database, firstWelcomeMs: () => firstWelcomeMs }),
        held,
        receipts,
        targets: { play: ({ id }) => void obeyed.push(id), cancel: (id) => void obeyed.push(`cancel ${id}`) },
        time,
        askTime: async () => {},
        log,
      }),
      answer: (message) => void answers.push(message),
      ping: (nonce) => void pings.push(nonce),
    },
  });
  const plan = (revision: { epoch: number; rev: number }) => ({
    ...base,
    id: `plan_${revision.epoch}_${revision.rev}`,
    kind: 'plan',
    ...revision,
    body: { kind: 'inline', content: aPlan() },
  });
  return {
    clock,
    intake,
    held,
    reload: () => loadHeldStates({ states, trust, log, maxBytes: 1e6 }),
    states,
    fetched,
    base,
    order,
    root,
    stranger,
    plan,
    obeyed,
    answers,
    pings,
    refusals,
    setClock: (next: typeof state) => {
      state = next;
    },
    setFirstWelcome: (ms: number | undefined) => {
      firstWelcomeMs = ms;
    },
    give: async (message: object, signer: Signer = order, channel: Parameters<typeof intake>[0] = 'order') =>
      intake(channel, bytes(await signer.sign(message))),
    /** What the journal says of orders: `kind verdict code`, and refusals as `refused code`. */
    told: () =>
      all().flatMap((event) =>
        event.kind === 'receipt'
          ? [`${event.receipt.kind} ${event.receipt.verdict} ${event.receipt.code ?? ''}`.trim()]
          : event.kind === 'refused'
            ? [`refused ${event.code}`]
            : [],
      ),
  };
}

let rig: Awaited<ReturnType<typeof anIntake>>;
beforeEach(async () => {
  rig = await anIntake();
});

describe('P1 nothing unsigned sounds', () => {
  const play = () => aPlay({ nowMs: EXAMPLE_MS });

  it('a signed act for this box is obeyed and answered', async () => {
    await rig.give(play());
    expect(rig.obeyed).toEqual(['act_0001']);
    expect(rig.told()).toEqual(['play accepted']);
  });

  it('an unsigned one is not', async () => {
    await rig.intake('order', bytes(JSON.stringify(play())));
    expect(rig.obeyed).toEqual([]);
    expect(rig.told()).toEqual(['refused order/not-jws']);
  });

  it('one whose bytes were altered is not', async () => {
    const [header, payload, signature] = (await rig.order.sign(play())).split('.');
    const forged = Buffer.from(String(payload), 'base64url').toString().replace('Cảnh báo', 'Cảnh báo!');
    await rig.intake(
      'order',
      bytes([header, Buffer.from(forged).toString('base64url'), signature].join('.')),
    );
    expect(rig.obeyed).toEqual([]);
    expect(rig.told()).toEqual(['refused order/bad-signature']);
  });

  it('one signed by a stranger is not', async () => {
    await rig.give(play(), rig.stranger);
    expect(rig.told()).toEqual(['refused order/unknown-key']);
  });

  it('one for another box is not', async () => {
    await rig.give({ ...play(), device: 'box-0002' });
    expect(rig.obeyed).toEqual([]);
    expect(rig.told()).toEqual(['refused order/wrong-device']);
  });

  it('one on a channel that is not its own is not', async () => {
    await rig.give(play(), rig.order, 'welcome');
    expect(rig.obeyed).toEqual([]);
    expect(rig.told()[0]).toBe('refused order/wrong-channel');
  });

  it('one that the root signed is not: the root signs keys only', async () => {
    await rig.give(play(), rig.root);
    expect(rig.obeyed).toEqual([]);
    expect(rig.told()[0]).toBe('refused order/wrong-signer');
  });

  it('what is signed and cannot be understood is refused by name, so that it is not sent for ever', async () => {
    await rig.give({ ...rig.plan({ epoch: 1, rev: 1 }), novelty: true });
    expect(rig.told()).toEqual(['refused order/bad-payload', 'plan refused order/bad-payload']);
  });

  it('a message of a megabyte is not even looked at', async () => {
    await rig.intake('order', Buffer.alloc(1024 * 1024, 'a'));
    expect(rig.told()).toEqual(['refused order/too-large']);
  });

  it('a flood of noise is counted whole and written down once a minute', async () => {
    for (let i = 0; i < 500; i++) await rig.intake('order', bytes(`noise ${i}`));
    expect(rig.told()).toEqual(['refused order/not-jws']);
    expect(rig.refusals.total()).toBe(500);
    await rig.clock.advance(61_000);
    await rig.intake('order', bytes('noise'));
    expect(rig.told()).toHaveLength(2);
  });

  it('a key that was revoked signs nothing any more', async () => {
    const { base, root, order } = rig;
    const body = someKeys({ orderKeys: [aKeyRecord(order.publicKey, { revoked: true })] });
    await rig.give({ ...base, kind: 'keys', device: EVERY_BOX, epoch: 0, rev: 2, body }, root);
    await rig.give(play());
    expect(rig.obeyed).toEqual([]);
    expect(rig.told()).toEqual(['keys accepted', 'refused order/key-not-valid']);
  });
});

describe('P4 an act is obeyed at most once, and only in its time', () => {
  it('a replay is refused, also after the act has ended', async () => {
    const act = aPlay({ nowMs: EXAMPLE_MS });
    await rig.give(act);
    await rig.give(act);
    await rig.clock.advance(30 * 60_000);
    await rig.give(act);
    expect(rig.obeyed).toEqual(['act_0001']);
    expect(rig.told()).toEqual(['play accepted', 'play refused order/replayed']);
  });

  it('one whose time has run out is refused', async () => {
    await rig.clock.advance(2 * 60_000);
    await rig.give(aPlay({ nowMs: EXAMPLE_MS }));
    expect(rig.obeyed).toEqual([]);
    expect(rig.told()).toEqual(['play refused order/expired']);
  });

  it('one that was cancelled before it came is refused', async () => {
    const cancel = {
      ...rig.base,
      id: 'c1',
      kind: 'cancel',
      expMs: EXAMPLE_MS + 60_000,
      body: { actId: 'act_0001', reason: 'x', by: 'y' },
    };
    await rig.give(cancel);
    await rig.give(aPlay({ nowMs: EXAMPLE_MS }));
    expect(rig.obeyed).toEqual(['cancel act_0001']);
    expect(rig.told()).toEqual(['cancel accepted', 'play refused order/cancelled']);
  });

  it('one from before a new database first met the controller is refused', async () => {
    rig.setFirstWelcome(EXAMPLE_MS + 1);
    await rig.give(aPlay({ nowMs: EXAMPLE_MS }));
    rig.setFirstWelcome(undefined);
    await rig.give(aPlay({ id: 'act_2', nowMs: EXAMPLE_MS }));
    expect(rig.obeyed).toEqual([]);
    expect(rig.told()).toEqual([
      'play refused order/before-first-welcome',
      'play refused order/before-first-welcome',
    ]);
  });

  it('without knowing the time it is not obeyed', async () => {
    rig.setClock('untrusted');
    await rig.give(aPlay({ nowMs: EXAMPLE_MS }));
    await rig.clock.advance(0);
    expect(rig.obeyed).toEqual([]);
    expect(rig.told()).toEqual(['play refused order/clock-untrusted']);
  });

  it('too many acts are refused, and a template that is not held here', async () => {
    const { authority, ...body } = aPlay().body;
    const template = { kind: 'template', templateId: 't1', version: 1, by: 'x' } as const;
    await rig.give({ ...aPlay({ id: 'act_t', nowMs: EXAMPLE_MS }), body: { ...body, authority: template } });
    for (let i = 0; i < 130; i++) await rig.give(aPlay({ id: `act_${i}`, nowMs: EXAMPLE_MS }));
    expect(rig.obeyed).toHaveLength(128);
    expect(new Set(rig.told())).toEqual(
      new Set(['play refused order/not-pre-authorised', 'play accepted', 'play refused order/inbox-full']),
    );
    expect(authority.kind).toBe('two-persons');
  });

  it('more emergencies than the site allows are refused', async () => {
    await rig.give({ ...rig.base, kind: 'config', epoch: 1, rev: 1, body: aConfig() });
    for (let i = 0; i < 8; i++) await rig.give(aPlay({ id: `act_${i}`, nowMs: EXAMPLE_MS }));
    expect(rig.obeyed).toHaveLength(6); // 12 an hour, 6 of them kept for pinned templates
    expect(rig.told().at(-1)).toBe('play refused order/rate-limited');
  });

  it('what this agent cannot do is refused as such', async () => {
    const close = { sessionId: 's', reason: 'x' };
    await rig.give({ ...rig.base, kind: 'session-close', expMs: EXAMPLE_MS + 1000, body: close });
    expect(rig.told()).toEqual(['session-close refused order/unsupported']);
  });
});

describe('the newest state wins, in any order of arrival', () => {
  it('a newer one replaces an older one, an older one is stale, the same one is answered again', async () => {
    for (const revision of [
      { epoch: 1, rev: 5 },
      { epoch: 1, rev: 4 },
      { epoch: 1, rev: 5 },
      { epoch: 2, rev: 1 },
    ])
      await rig.give(rig.plan(revision));
    expect(rig.held.plan()).toMatchObject({ epoch: 2, rev: 1 });
    expect(rig.told()).toEqual(['plan accepted', 'plan refused order/stale', 'plan accepted']);
  });

  it('another text under a revision that is held is stale', async () => {
    await rig.give(rig.plan({ epoch: 1, rev: 5 }));
    await rig.give({ ...rig.plan({ epoch: 1, rev: 5 }), id: 'other' });
    expect(rig.told()).toEqual(['plan accepted', 'plan refused order/stale']);
  });

  it('P6 the signed original is kept, and opened again at the next start', async () => {
    const policy = { ...rig.base, kind: 'policy', epoch: 1, rev: 1, body: aPolicy({ windows: [] }) };
    await rig.give(policy);
    expect(rig.states.held('policy')?.jws).toBe(await rig.order.sign(policy));
    expect(rig.states.greeting()?.policy).toMatchObject({ epoch: 1, rev: 1 });
    expect((await rig.reload()).policy()).toEqual(policy.body);
  });

  it('a large plan is fetched by its hash; another one in its place is refused', async () => {
    const inline = await rig.order.sign(rig.plan({ epoch: 3, rev: 1 }));
    const order = (digest: string, rev: number) => ({
      ...rig.base,
      id: `by-hash-${rev}`,
      kind: 'plan',
      epoch: 3,
      rev,
      body: { kind: 'by-hash', sha256: digest, bytes: inline.length },
    });
    const one = 'a'.repeat(64);
    rig.fetched.set(one, inline);
    await rig.give(order(one, 2));
    await expect.poll(() => rig.told()).toEqual(['plan refused order/bad-payload']);
    await rig.give(order(one, 1));
    await expect.poll(() => rig.told()).toEqual(['plan refused order/bad-payload', 'plan accepted']);
    expect(rig.held.plan()).toMatchObject({ epoch: 3, rev: 1 });
  });

  describe('plans that are fetched beside', () => {
    /** A plan by hash whose text comes when the test says so. */
    const byHash = async (rev: number) => {
      const inline = await rig.order.sign(rig.plan({ epoch: 3, rev }));
      const arriving = Promise.withResolvers<string>();
      const digest = String(rev).repeat(64);
      rig.fetched.set(digest, arriving.promise);
      const body = { kind: 'by-hash', sha256: digest, bytes: inline.length };
      await rig.give({ ...rig.plan({ epoch: 3, rev }), id: `by-hash-${rev}`, body });
      return { arrive: () => arriving.resolve(inline) };
    };
    const settled = () => new Promise((resolve) => setImmediate(resolve));

    it('an older one that arrives after a newer plan was kept is stale', async () => {
      const older = await byHash(1);
      await rig.give(rig.plan({ epoch: 3, rev: 2 }));
      expect(rig.told()).toEqual(['plan accepted', 'plan refused order/stale']);
      older.arrive();
      await settled();
      expect(rig.held.plan()).toMatchObject({ epoch: 3, rev: 2 });
      expect(rig.told()).toHaveLength(2);
    });

    it('an older one that is ordered late is stale, and the newer one arrives', async () => {
      const newer = await byHash(2);
      const older = await byHash(1);
      older.arrive();
      newer.arrive();
      await expect.poll(() => rig.told()).toEqual(['plan refused order/stale', 'plan accepted']);
      expect(rig.held.plan()).toMatchObject({ epoch: 3, rev: 2 });
    });

    it('an older inline plan is kept meanwhile, and the newer one still arrives', async () => {
      const newer = await byHash(2);
      await rig.give(rig.plan({ epoch: 3, rev: 1 }));
      expect(rig.held.plan()).toMatchObject({ epoch: 3, rev: 1 });
      newer.arrive();
      await expect.poll(() => rig.held.plan()).toMatchObject({ epoch: 3, rev: 2 });
      expect(rig.told()).toEqual(['plan accepted', 'plan accepted']);
    });
  });

  it('an update is refused: this agent cannot do it yet', async () => {
    await rig.give({ ...rig.base, kind: 'update', epoch: 1, rev: 1, body: { targets: [] } });
    expect(rig.told()).toEqual(['update refused order/unsupported']);
  });
});

describe('a ping on the order channel', () => {
  it('is echoed when it is authentic, and counted when it is not', async () => {
    const nonce = new Uint8Array(8).fill(3);
    await rig.intake('order', packPing(LINK_KEY, DEVICE, nonce));
    await rig.intake('order', packPing(new Uint8Array(32), DEVICE, nonce));
    expect(rig.pings).toEqual([nonce]);
    expect(rig.told()).toEqual(['refused order/bad-signature']);
  });
});
