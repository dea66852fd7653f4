import { z } from 'zod';
import { hello, status, timeRequest } from '../src/greetings.ts';
import { journalBatch, receipt } from '../src/journal.ts';
import { CHANNEL_OF, signedMessage } from '../src/orders.ts';
import { CHANNELS, type Channel, topicOf } from '../src/topics.ts';
import { PROTOCOL_VERSION } from '../src/version.ts';

/** One message of the document. */
interface Entry {
  readonly channel: Channel;
  readonly contentType: 'application/jose' | 'application/json' | 'application/octet-stream';
  readonly summary: string;
  readonly payload: object;
  /** Where the message departs from its channel. */
  readonly qos?: 0;
}

const schemaOf = (schema: z.ZodType): object => {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
  return rest;
};
const bytes = (description: string): object => ({ type: 'string', format: 'binary', description });

const fromController = signedMessage.options.map((option): [string, Entry] => {
  const kind = option.shape.kind.value;
  return [
    kind,
    {
      channel: CHANNEL_OF[kind],
      contentType: 'application/jose',
      summary: `JWS compact by ${kind === 'keys' ? "the site's root" : 'an order key'}; this is its payload.`,
      payload: schemaOf(option),
    },
  ];
});

const ENTRIES: Readonly<Record<string, Entry>> = {
  ...Object.fromEntries(fromController),
  ping: {
    channel: 'order',
    contentType: 'application/octet-stream',
    summary: 'Proves the path of orders; its nonce comes back in the next health sample.',
    payload: bytes('21 bytes, see protocol.md'),
    qos: 0,
  },
  hello: {
    channel: 'hello',
    contentType: 'application/json',
    summary: 'What the box is and holds; repeated until welcomed.',
    payload: schemaOf(hello),
  },
  receipt: {
    channel: 'receipt',
    contentType: 'application/jose',
    summary: "JWS compact by the box's key; this is its payload.",
    payload: schemaOf(receipt),
  },
  journal: {
    channel: 'journal',
    contentType: 'application/jose',
    summary: "JWS compact by the box's key; this is its payload.",
    payload: schemaOf(journalBatch),
  },
  health: {
    channel: 'health',
    contentType: 'application/octet-stream',
    summary: 'One packed sample.',
    payload: bytes('58 bytes, see protocol.md'),
  },
  timeRequest: {
    channel: 'time/req',
    contentType: 'application/json',
    summary: 'Asks for signed time.',
    payload: schemaOf(timeRequest),
  },
  status: {
    channel: 'status',
    contentType: 'application/json',
    summary: 'Online or offline; also the will.',
    payload: schemaOf(status),
  },
};

/** `time/res` -> `timeRes`: keys of the document stand in references, where a slash would need an escape. */
const keyOf = (channel: string) => channel.replace(/\/(.)/g, (_, letter: string) => letter.toUpperCase());
const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
const ref = (...path: readonly string[]) => ({ $ref: `#/${path.join('/')}` });

/** Returns the AsyncAPI 3.0 document of the wire, seen from the box, as it stands in docs/asyncapi.json. */
export function asyncapiText(): string {
  const channelNames = Object.keys(CHANNELS).filter((name): name is Channel => name in CHANNELS);
  const namesOn = (channel: Channel, qos?: 0) =>
    Object.keys(ENTRIES).filter((name) => ENTRIES[name]?.channel === channel && ENTRIES[name]?.qos === qos);
  const operation = (channel: Channel, names: readonly string[], qos: 0 | 1) => ({
    action: CHANNELS[channel].direction === 'to-box' ? 'receive' : 'send',
    channel: ref('channels', keyOf(channel)),
    messages: names.map((name) => ref('channels', keyOf(channel), 'messages', name)),
    bindings: { mqtt: { qos, retain: CHANNELS[channel].retain, bindingVersion: '0.2.0' } },
  });
  const verb = (channel: Channel) => (CHANNELS[channel].direction === 'to-box' ? 'receive' : 'send');
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'Loa: between a controller and its boxes',
      version: `${PROTOCOL_VERSION}.0.0`,
      description:
        'Made by contract/scripts/make-asyncapi.ts from the schemas of contract/src. Read protocol.md for the meaning.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/jose',
    channels: Object.fromEntries(
      channelNames.map((channel) => [
        keyOf(channel),
        {
          address: topicOf('{device}' as Parameters<typeof topicOf>[0], channel),
          parameters: { device: { description: 'Device id = MQTT client id = certificate name.' } },
          messages: Object.fromEntries(
            [...namesOn(channel), ...namesOn(channel, 0)].map((name) => [
              name,
              ref('components', 'messages', name),
            ]),
          ),
        },
      ]),
    ),
    operations: Object.fromEntries([
      ...channelNames.map((channel) => [
        verb(channel) + capital(keyOf(channel)),
        operation(channel, namesOn(channel), CHANNELS[channel].qos),
      ]),
      ['receivePing', operation('order', namesOn('order', 0), 0)],
    ]),
    components: {
      messages: Object.fromEntries(
        Object.entries(ENTRIES).map(([name, { contentType, summary }]) => [
          name,
          { name, contentType, summary, payload: ref('components', 'schemas', name) },
        ]),
      ),
      schemas: Object.fromEntries(Object.entries(ENTRIES).map(([name, { payload }]) => [name, payload])),
    },
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}
