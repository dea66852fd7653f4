import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { EXAMPLE_MS, TEST_KEYS } from './builders.ts';
import { digestOfStates, openJournal, openReceipt } from './from-box.ts';
import { LIMITS } from './limits.ts';
import { SAMPLE_BATCH, SAMPLE_DEVICE, SAMPLE_EVENTS, SAMPLE_RECEIPT, SAMPLE_REFUSAL } from './samples.ts';
import { createSigner, type PublicKey, type Signer } from './signing.ts';
import { parseDeviceId } from './topics.ts';

let box: Signer;
let stranger: Signer;
let key: PublicKey;

beforeAll(async () => {
  box = await createSigner(TEST_KEYS.device);
  stranger = await createSigner(TEST_KEYS.stranger);
  key = box.publicKey;
});

const journal = async (batch: object, by = box) => openJournal(await by.sign(batch), SAMPLE_DEVICE, key);
const [first, second, third] = SAMPLE_EVENTS;

describe('a journal batch', () => {
  it('opens with one event of every kind', async () => {
    expect(await journal(SAMPLE_BATCH)).toEqual({ ok: true, message: SAMPLE_BATCH });
  });

  it.each([
    ['a gap', [first, third]],
    ['a repeat', [first, first]],
    ['a step back', [second, first]],
    ['no event', []],
    [
      'more events than a batch may have',
      Array.from({ length: 201 }, (_, index) => ({ ...first, seq: index + 1 })),
    ],
    ['an event that counts from 0', [{ ...first, seq: 0 }]],
    ['an event without a clock state', [{ ...first, clock: undefined }]],
  ])('with %s is refused whole', async (_, events) => {
    expect(await journal({ ...SAMPLE_BATCH, events })).toMatchObject({
      ok: false,
      code: 'order/bad-payload',
      why: expect.stringContaining('events'),
    });
  });

  it('with an event of a newer agent keeps it as it came, and the events behind it', async () => {
    const { kind, ...base } = {
      kind: 'tide',
      seq: 14,
      atMs: EXAMPLE_MS,
      clock: 'trusted',
      bootId: 'boot-1',
    } as const;
    const opened = await journal({ ...SAMPLE_BATCH, events: [first, { ...base, kind, heightM: 3 }, third] });
    expect(opened).toEqual({
      ok: true,
      message: {
        ...SAMPLE_BATCH,
        events: [first, { ...base, kind: 'unfamiliar', event: { kind, heightM: 3 } }, third],
      },
    });
  });

  it('with a known event that has a new reason keeps it as it came too', async () => {
    const outcome = SAMPLE_EVENTS.find((event) => event.kind === 'outcome');
    const opened = await journal({ ...SAMPLE_BATCH, events: [{ ...outcome, reason: 'eaten-by-termites' }] });
    expect(opened).toMatchObject({
      ok: true,
      message: { events: [{ kind: 'unfamiliar', event: { kind: 'outcome', reason: 'eaten-by-termites' } }] },
    });
  });

  it.each([
    ['original', { jws: 'a'.repeat(LIMITS.inlineOriginal + 1) }],
    ['original', { sha256: undefined }],
    ['update', { percent: 101 }],
    ['traffic', { bytes: { live: { up: 1, down: 1 } } }],
    ['forecast', { missing: Array(51).fill('a'.repeat(64)) }],
    ['local', { untilMs: 'soon' }],
  ])('with an odd %s event keeps it as it came', async (kind, change) => {
    const event = { ...SAMPLE_EVENTS.find((sample) => sample.kind === kind), ...change };
    expect(await journal({ ...SAMPLE_BATCH, events: [event] })).toMatchObject({
      ok: true,
      message: { events: [{ kind: 'unfamiliar', event: { kind } }] },
    });
  });

  it('with an original that was sent up by its hash names it only', async () => {
    const original = { ...SAMPLE_EVENTS.find(({ kind }) => kind === 'original'), jws: null };
    const opened = await journal({ ...SAMPLE_BATCH, events: [original] });
    expect(opened).toEqual({ ok: true, message: { ...SAMPLE_BATCH, events: [original] } });
  });

  it('with the longest original fits a message when signed, even if nothing in it can be compressed', async () => {
    const jws = randomBytes(LIMITS.inlineOriginal).toString('base64url').slice(0, LIMITS.inlineOriginal);
    const original = { ...SAMPLE_EVENTS.find(({ kind }) => kind === 'original'), jws };
    const text = await box.sign({ ...SAMPLE_BATCH, events: [original] });
    expect(text.length).toBeLessThanOrEqual(LIMITS.mqttPayload);
  });

  it('of what a person sounded at the box names the warning, and what a microphone heard', async () => {
    const outcome = SAMPLE_EVENTS.find(({ kind }) => kind === 'outcome');
    for (const origin of [
      { kind: 'local', by: 'trưởng thôn' },
      { kind: 'local', by: 'trưởng thôn', templateId: 'tpl_flood', version: 2 },
    ]) {
      const events = [{ ...outcome, occurrenceId: 'cum-thon-1~local~1767564000000', origin }];
      expect(await journal({ ...SAMPLE_BATCH, events })).toEqual({
        ok: true,
        message: { ...SAMPLE_BATCH, events },
      });
    }
  });

  it('of another box, or of nobody we know, is refused', async () => {
    expect(await openJournal(await box.sign(SAMPLE_BATCH), parseDeviceId('loa-other'), key)).toMatchObject({
      code: 'order/wrong-device',
    });
    expect(await journal(SAMPLE_BATCH, stranger)).toMatchObject({ code: 'order/unknown-key' });
    const altered = (await box.sign(SAMPLE_BATCH)).replace(/.\./g, (end) => (end === 'A.' ? 'B.' : 'A.'));
    expect((await openJournal(altered, SAMPLE_DEVICE, key)).ok).toBe(false);
  });
});

describe('a receipt', () => {
  const open = async (receipt: object) => openReceipt(await box.sign(receipt), SAMPLE_DEVICE, key);

  it.each([SAMPLE_RECEIPT, SAMPLE_REFUSAL])('that says $verdict opens', async (receipt) => {
    expect(await open(receipt)).toEqual({ ok: true, message: receipt });
  });

  it.each([
    ['a verdict of its own', { verdict: 'perhaps' }],
    ['a code that is not in the table', { code: 'order/bad-luck' }],
    ['no device', { device: undefined }],
    ['a suite that is no text', { suite: 1 }],
  ])('with %s is refused', async (_, change) => {
    expect(await open({ ...SAMPLE_RECEIPT, ...change })).toMatchObject({ code: 'order/bad-payload' });
  });

  it('of another suite is refused as such, like an order', async () => {
    const judged = { ok: false, code: 'order/wrong-suite', why: expect.stringContaining('sm2-1') };
    expect(await open({ ...SAMPLE_RECEIPT, suite: 'sm2-1' })).toEqual(judged);
    expect(await journal({ ...SAMPLE_BATCH, suite: 'sm2-1' })).toEqual(judged);
  });

  it('is no journal batch, nor the other way round', async () => {
    expect(await open(SAMPLE_BATCH)).toMatchObject({ code: 'order/bad-payload' });
    expect(await journal(SAMPLE_RECEIPT)).toMatchObject({ code: 'order/bad-payload' });
  });

  it('that is no object at all is refused in words', async () => {
    expect(await open([])).toMatchObject({ code: 'order/bad-payload', why: expect.stringMatching(/\S/) });
  });
});

describe('the digest of the states', () => {
  const states = { plan: { epoch: 1, rev: 4 }, hold: { epoch: 1, rev: 3 } };

  it('is the same at both ends, whatever the order in which the states were learnt', () => {
    expect(digestOfStates(states)).toBe(digestOfStates({ hold: states.hold, plan: states.plan }));
    // printf 'plan=1.4\npolicy=-.-\nhold=1.3\nconfig=-.-\nkeys=-.-\nupdate=-.-' | sha256sum
    expect(digestOfStates(states)).toBe(0x544f1336);
  });

  it('changes with every epoch, every rev and every state held', () => {
    const others = [
      {},
      { plan: states.plan },
      { ...states, plan: { epoch: 1, rev: 5 } },
      { ...states, plan: { epoch: 2, rev: 4 } },
      { ...states, policy: { epoch: 0, rev: 0 } },
      { plan: states.hold, hold: states.plan },
    ];
    const digests = [states, ...others].map(digestOfStates);
    expect(new Set(digests).size).toBe(digests.length);
  });
});
