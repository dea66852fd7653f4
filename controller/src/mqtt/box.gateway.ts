import { type Channel, hello, LIMITS, parseTopic, status, timeRequest } from '@loa/contract';
import type { Logger } from '@loa/kernel';
import type { z } from 'zod';
import type { Box } from '../orders/box.store.ts';

/** What the gateway hands messages of known boxes to. Each answers why it refused, or nothing. */
export interface BoxHandlers {
  hello(box: Box, message: z.output<typeof hello>): Promise<void>;
  status(box: Box, message: z.output<typeof status>): Promise<void>;
  timeRequest(box: Box, message: z.output<typeof timeRequest>): Promise<void>;
  receipt(box: Box, jws: string): Promise<string | undefined>;
  journal(box: Box, jws: string): Promise<string | undefined>;
  health(box: Box, packed: Uint8Array): Promise<string | undefined>;
}

/** Bytes that are looked at, before anything is parsed. */
const MAX_BYTES: Partial<Record<Channel, number>> = {
  hello: 16 * 1024,
  status: 1024,
  'time/req': 512,
  receipt: 16 * 1024,
  journal: LIMITS.mqttPayload,
  health: LIMITS.healthSample,
};

/** Creates the door for everything that boxes send. It never throws: one bad message must not stop the next. */
export function createBoxGateway({
  findBox,
  handlers,
  count,
  log,
}: {
  /** Returns an active box, or `undefined` for anybody else. */
  readonly findBox: (deviceId: string) => Promise<Box | undefined>;
  readonly handlers: BoxHandlers;
  /** Counts what came (by channel) or what was refused (by reason). */
  readonly count: { came(channel: Channel): void; refused(why: string): void };
  readonly log: Logger;
}): (topic: string, payload: Uint8Array) => Promise<void> {
  const dispatch = async (box: Box, channel: Channel, payload: Uint8Array): Promise<string | undefined> => {
    switch (channel) {
      case 'hello':
        return withJson(payload, hello, (message) => handlers.hello(box, message));
      case 'status':
        return withJson(payload, status, (message) => handlers.status(box, message));
      case 'time/req':
        return withJson(payload, timeRequest, (message) => handlers.timeRequest(box, message));
      case 'receipt':
        return handlers.receipt(box, asText(payload));
      case 'journal':
        return handlers.journal(box, asText(payload));
      case 'health':
        return handlers.health(box, payload);
      default:
        return 'channel'; // ours to speak on
    }
  };
  return async (topic, payload) => {
    const address = parseTopic(topic);
    if (!address) return count.refused('topic');
    const { device, channel } = address;
    const refuse = (why: string) => {
      count.refused(why);
      log.debug({ deviceId: device, channel, why, bytes: payload.length }, 'a message was not taken');
    };
    try {
      if (payload.length > (MAX_BYTES[channel] ?? 0)) return refuse('size');
      const box = await findBox(device);
      if (!box) return refuse('unknown-device');
      count.came(channel);
      const why = await dispatch(box, channel, payload);
      if (why !== undefined) refuse(why);
    } catch (error) {
      count.refused('fault');
      log.error({ err: error, deviceId: device, channel }, 'a message of a box could not be handled');
    }
  };
}

const asText = (payload: Uint8Array) => Buffer.from(payload).toString('latin1');

async function withJson<T>(
  payload: Uint8Array,
  schema: z.ZodType<T>,
  handle: (message: T) => Promise<void>,
): Promise<string | undefined> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(payload).toString('utf8'));
  } catch {
    return 'not-json';
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) return 'not-as-agreed';
  await handle(parsed.data);
  return undefined;
}
