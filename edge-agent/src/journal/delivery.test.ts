import { createPrivateKey, sign } from 'node:crypto';
import { createSigner, deviceId, LIMITS, openJournal, type Signer } from '@loa/contract';
import { TEST_KEYS } from '@loa/contract/testing';
import { AppError } from '@loa/kernel';
import { describe, expect, it } from 'vitest';
import { createJournalDelivery } from './delivery.ts';
import { aJournal } from './journal-rig.ts';

const DEVICE = deviceId.parse('box-0001');

/** Signs without leaving the thread, so that the fake clock sees everything through. */
async function promptSigner(): Promise<Signer> {
  const { publicKey } = await createSigner(TEST_KEYS.device);
  const key = createPrivateKey({ key: TEST_KEYS.device, format: 'jwk' });
  const header = { alg: 'EdDSA', kid: publicKey.kid, typ: 'loa+jws', cty: 'application/loa+json' };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return {
    publicKey,
    async sign(payload) {
      const text = `${part(header)}.${part(payload)}`;
      return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
    },
  };
}

/** A journal, its delivery, and a wire that keeps what was sent and may be cut. */
async function aDelivery() {
  const rig = aJournal();
  const signer = await promptSigner();
  const sent: string[] = [];
  let isCut = false;
  const delivery = createJournalDelivery({
    journal: rig.journal,
    publish: async (_, payload) => {
      if (isCut) throw new AppError('cut', { code: 'link/offline' });
      sent.push(String(payload));
    },
    signer,
    device: DEVICE,
    clock: rig.clock,
    log: rig.log,
  });
  await delivery.start();
  const batches = () =>
    Promise.all(
      sent.map(async (jws) => {
        const opened = await openJournal(jws, DEVICE, signer.publicKey);
        if (!opened.ok) throw new TypeError(opened.why);
        return [opened.message.events[0]?.seq, opened.message.events.at(-1)?.seq];
      }),
    );
  return {
    ...rig,
    delivery,
    sent,
    batches,
    at: (seq: number) => ({ journalId: rig.journal.id, seq }),
    cut(cut: boolean) {
      isCut = cut;
    },
    stop: () => delivery.stop(new AbortController().signal),
  };
}

describe('P5 the journal is sent until the controller says that it is committed', () => {
  it('nothing is sent before the welcome, everything after it', async () => {
    const { note, delivery, clock, batches, stop } = await aDelivery();
    note('a');
    await clock.advance(1_000);
    expect(await batches()).toEqual([]);
    delivery.welcomed(null);
    await clock.advance(10);
    expect(await batches()).toEqual([[1, 1]]);
    await stop();
  });

  it('no more than two batches wait for an answer, none larger than a message may be', async () => {
    const { note, delivery, clock, batches, sent, at, stop } = await aDelivery();
    for (let i = 0; i < 1000; i++) note(`${i} `.repeat(50));
    delivery.welcomed(null);
    await clock.advance(1_000);
    const [first, second] = await batches();
    expect(sent).toHaveLength(2);
    expect(second?.[0]).toBe((first?.[1] ?? 0) + 1);
    expect(Math.max(...sent.map((jws) => jws.length))).toBeLessThan(LIMITS.mqttPayload);
    delivery.acknowledged(at(first?.[1] ?? 0));
    await clock.advance(10);
    expect(sent).toHaveLength(3);
    await stop();
  });

  it('what is not acknowledged is sent again, ever more slowly', async () => {
    const { note, delivery, clock, batches, at, stop } = await aDelivery();
    note('a');
    delivery.welcomed(null);
    await clock.advance(60_000);
    const tries = (await batches()).length;
    expect(tries).toBeGreaterThan(1);
    expect(tries).toBeLessThan(5);
    delivery.acknowledged(at(1));
    await clock.advance(300_000);
    expect((await batches()).length).toBe(tries);
    await stop();
  });

  it('a cut line loses nothing', async () => {
    const { note, delivery, clock, batches, cut, stop } = await aDelivery();
    delivery.welcomed(null);
    cut(true);
    note('a');
    await clock.advance(5_000);
    delivery.disconnected();
    note('b');
    cut(false);
    delivery.welcomed(null);
    await clock.advance(10);
    expect(await batches()).toEqual([[1, 2]]);
    await stop();
  });

  it('a welcome may set the position back: a restored controller gets it all again', async () => {
    const { note, delivery, clock, batches, at, journal, stop } = await aDelivery();
    for (let i = 0; i < 5; i++) note('x');
    delivery.welcomed(null);
    await clock.advance(10);
    delivery.acknowledged(at(5));
    expect(journal.ackedTo()).toBe(5);
    delivery.welcomed(at(2));
    await clock.advance(10);
    expect((await batches()).at(-1)).toEqual([3, 5]);
    await stop();
  });

  it('an ack of another journal, or beyond the head, is nothing', async () => {
    const { note, delivery, journal, at, stop } = await aDelivery();
    note('a');
    delivery.acknowledged({ journalId: 'another', seq: 1 });
    delivery.acknowledged(at(7));
    expect(journal.ackedTo()).toBe(0);
    await stop();
  });

  it('a disk that was put back to an earlier copy goes on after what the controller holds', async () => {
    const { note, delivery, clock, batches, at, stop, journal } = await aDelivery();
    note('a');
    delivery.welcomed(at(40));
    await clock.advance(10);
    expect(await batches()).toEqual([[41, 41]]);
    expect(
      journal.after(40, { maxEvents: 9, maxBytes: 9999 }).map(({ json }) => JSON.parse(json))[0],
    ).toMatchObject({ seq: 41, kind: 'fault', code: 'journal/went-back' });
    expect(note('b')).toBe(42);
    await stop();
  });
});
