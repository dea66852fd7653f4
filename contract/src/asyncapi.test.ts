import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { asyncapiText } from '../scripts/asyncapi.ts';
import { CHANNEL_OF } from './orders.ts';
import { CHANNELS, topicOf } from './topics.ts';

const text = readFileSync(new URL('../../docs/asyncapi.json', import.meta.url), 'utf8');
const reference = z.strictObject({ $ref: z.string().startsWith('#/') });

/** As much of AsyncAPI 3.0.0 as the document uses (https://www.asyncapi.com/docs/reference/specification/v3.0.0). */
const document = z
  .strictObject({
    asyncapi: z.literal('3.0.0'),
    info: z.strictObject({
      title: z.string(),
      version: z.string(),
      description: z.string(),
      license: z.strictObject({ name: z.string(), url: z.url() }),
    }),
    defaultContentType: z.string(),
    channels: z.record(
      z.string().regex(/^\w+$/),
      z.strictObject({
        address: z.string(),
        parameters: z.record(z.string(), z.strictObject({ description: z.string() })),
        messages: z.record(z.string(), reference),
      }),
    ),
    operations: z.record(
      z.string().regex(/^\w+$/),
      z.strictObject({
        action: z.enum(['send', 'receive']),
        channel: reference,
        messages: z.array(reference).min(1),
        bindings: z.strictObject({
          mqtt: z.strictObject({
            qos: z.union([z.literal(0), z.literal(1)]),
            retain: z.boolean(),
            bindingVersion: z.literal('0.2.0'),
          }),
        }),
      }),
    ),
    components: z.strictObject({
      messages: z.record(
        z.string().regex(/^[\w.-]+$/),
        z.strictObject({
          name: z.string(),
          contentType: z.string(),
          summary: z.string(),
          payload: reference,
        }),
      ),
      schemas: z.record(z.string().regex(/^[\w.-]+$/), z.looseObject({})),
    }),
  })
  .parse(JSON.parse(text));

function lookUp($ref: string): unknown {
  return $ref
    .slice(2)
    .split('/')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);
}

/** Every `$ref` in the document. */
function* references(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value))
    if (key === '$ref') yield String(inner);
    else yield* references(inner);
}

describe('docs/asyncapi.json', () => {
  it('is what `node contract/scripts/make-asyncapi.ts` writes, byte for byte', () => {
    expect(asyncapiText()).toBe(text);
  });

  it('refers only to what is in it', () => {
    const all = [...references(document)];
    expect(all.length).toBeGreaterThan(50);
    expect(all.filter((target) => lookUp(target) === undefined)).toEqual([]);
  });

  it('has every channel with its topic, and an operation that says who speaks and how', () => {
    const operations = Object.values(document.operations);
    for (const [channel, { direction, qos, retain }] of Object.entries(CHANNELS)) {
      const address = topicOf('{device}' as Parameters<typeof topicOf>[0], channel as keyof typeof CHANNELS);
      const [key = ''] =
        Object.entries(document.channels).find(([, found]) => found.address === address) ?? [];
      expect(operations, channel).toContainEqual(
        expect.objectContaining({
          action: direction === 'to-box' ? 'receive' : 'send',
          channel: { $ref: `#/channels/${key}` },
          bindings: { mqtt: { qos, retain, bindingVersion: '0.2.0' } },
        }),
      );
    }
  });

  it('has every signed message on its own channel, and the ping at QoS 0', () => {
    for (const [kind, channel] of Object.entries(CHANNEL_OF))
      expect(
        Object.keys(document.channels[channel === 'time/res' ? 'timeRes' : channel]?.messages ?? {}),
      ).toContain(kind);
    expect(document.operations['receivePing']?.bindings.mqtt.qos).toBe(0);
    expect(document.operations['receiveOrder']?.messages).not.toContainEqual({
      $ref: '#/channels/order/messages/ping',
    });
  });
});
