import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { BytesVector, JwsVector } from '../scripts/vectors.ts';
import {
  VECTOR_DEVICE_KEY,
  VECTOR_MAC_KEY,
  VECTOR_SESSION,
  VECTOR_TRUST,
  vectorFiles,
} from '../scripts/vectors.ts';
import { EXAMPLE_MS } from './builders.ts';
import { openFrame } from './frame.ts';
import { openJournal, openReceipt } from './from-box.ts';
import { unpackHealth } from './health.ts';
import { openPing } from './ping.ts';
import { SAMPLE_DEVICE } from './samples.ts';
import { openMessage } from './trust.ts';

const FOLDER = new URL('../vectors/', import.meta.url);
const read = <T>(name: string): readonly T[] =>
  JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')).vectors;
const orders = read<JwsVector>('orders.json');
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

const outcomeOf = (expected: JwsVector['expect']) =>
  'code' in expected ? { ok: false, ...expected } : { ok: true, message: JSON.parse(expected.payload) };

describe('the vectors in contract/vectors', () => {
  it('are what `node contract/scripts/make-vectors.ts` writes, byte for byte', async () => {
    const made = await vectorFiles();
    expect([...made.keys()].sort()).toEqual(readdirSync(FOLDER).sort());
    for (const [name, text] of made) expect(readFileSync(new URL(name, FOLDER), 'utf8'), name).toBe(text);
  });

  it.each(orders)('orders: $name', async ({ jws, channel, expect: expected }) => {
    const judged = await openMessage(jws, VECTOR_TRUST, { channel, nowMs: EXAMPLE_MS });
    expect(judged).toMatchObject(outcomeOf(expected));
  });

  it.each(read<JwsVector>('from-box.json'))(
    'from a box: $name',
    async ({ jws, channel, expect: expected }) => {
      const open = channel === 'journal' ? openJournal : openReceipt;
      expect(await open(jws, SAMPLE_DEVICE, VECTOR_DEVICE_KEY)).toMatchObject(outcomeOf(expected));
    },
  );

  it.each(read<BytesVector>('health.json'))('health: $name', ({ hex: text, value }) => {
    const unpack = () => {
      const sample = unpackHealth(Buffer.from(text, 'hex'));
      return { ...sample, pingEcho: hex(sample.pingEcho) };
    };
    if (value === null) expect(unpack).toThrow(expect.objectContaining({ code: 'contract/bad-sample' }));
    else expect(unpack()).toEqual(value);
  });

  it.each(read<BytesVector>('ping.json'))('ping: $name', ({ hex: text, value }) => {
    const nonce = openPing(VECTOR_MAC_KEY, SAMPLE_DEVICE, Buffer.from(text, 'hex'));
    expect(nonce ? { nonce: hex(nonce) } : null).toEqual(value);
  });

  it.each(read<BytesVector>('frame.json'))('frame: $name', ({ hex: text, value }) => {
    const frame = openFrame(VECTOR_MAC_KEY, VECTOR_SESSION, Buffer.from(text, 'hex'));
    expect(frame ? { ...frame, packet: hex(frame.packet) } : null).toEqual(value);
  });
});
