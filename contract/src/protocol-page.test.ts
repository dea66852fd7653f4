import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { VECTOR_MAC_KEY, VECTOR_SESSION } from '../scripts/vectors.ts';
import { EDGE_ERROR_STATUS, REFUSAL_CODES } from './codes.ts';
import {
  CLAIM_HEADER,
  EDGE_PATHS,
  enrolment,
  enrolRequest,
  linkAuthorization,
  problem,
  renewalRequest,
} from './edge-http.ts';
import { openFrame } from './frame.ts';
import { hello, status, timeRequest } from './greetings.ts';
import { HEALTH_FAULTS, packHealth, unpackHealth } from './health.ts';
import { journalBatch, journalEvent, receipt } from './journal.ts';
import { messageFault } from './message-fault.ts';
import { ACT_KINDS, CHANNEL_OF, REPLY_KINDS, STATE_KINDS, signedMessage } from './orders.ts';
import { openPing } from './ping.ts';
import { SAMPLE_DEVICE } from './samples.ts';
import type { sha256 } from './scalars.ts';
import { SESSION_CLOSE_CODES, sessionEnd, sessionKey, sessionReport } from './session-socket.ts';
import { CHANNELS, topicOf } from './topics.ts';

const page = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8').replace(
  /<\/?code>/g, // where backticks would name a folder of ours: media/not-found
  '`',
);
const samples = [...page.matchAll(/^```(\w+) ?(.*)\n([\s\S]*?)^```$/gm)].map(
  ([, language, name = '', text = '']) => ({
    language,
    name,
    text,
  }),
);
const textOf = (name: string) => samples.find((sample) => sample.name === name)?.text ?? '';
const bytesOf = (name: string) => Buffer.from(textOf(name).replaceAll('\n', ''), 'hex');
const kinds = [...STATE_KINDS, ...ACT_KINDS, ...REPLY_KINDS];
const eventKinds = journalEvent.options.map((option) => option.shape.kind.value);

/** What a sample's name promises. */
const SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  ...Object.fromEntries(kinds.map((kind) => [kind, signedMessage])),
  ...Object.fromEntries(eventKinds.map((kind) => [`event/${kind}`, journalEvent])),
  hello,
  status,
  'time/req': timeRequest,
  receipt,
  journal: journalBatch,
  problem,
  enrolRequest,
  enrolment,
  renewalRequest,
  sessionKey,
  sessionReport,
  sessionEnd,
};

/** Returns the page from the heading `title` to the next one that is as high. */
function sectionOf(title: string): string {
  const match = new RegExp(`^(#+) ${title.replace(/[/{}]/g, '\\$&')}(?: event)?$`, 'm').exec(page);
  if (!match?.[1]) return '';
  const rest = page.slice(match.index + match[0].length);
  const end = rest.search(new RegExp(`^#{1,${match[1].length}} `, 'm'));
  return end < 0 ? rest : rest.slice(0, end);
}

/** Names every property that a schema knows, at any depth. */
function* propertiesOf(schema: unknown): Generator<string> {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [key, inner] of Object.entries(schema)) {
    if (key === 'properties') yield* Object.keys(inner as object);
    yield* propertiesOf(inner);
  }
}

describe('docs/protocol.md', () => {
  it.each(samples)('$language sample $name is what the schemas say', ({ language, name, text }) => {
    if (language === 'hex') return expect(['health', 'ping', 'frame']).toContain(name);
    const schema = SCHEMAS[name];
    if (!schema) throw new Error(`the sample "${name}" has no schema`);
    const value: unknown = JSON.parse(text);
    expect(schema.parse(value)).toEqual(value);
  });

  it('has a sample of every message, event and answer', () => {
    const shown = new Set(samples.map(({ name }) => name));
    expect(Object.keys(SCHEMAS).filter((name) => !shown.has(name))).toEqual([]);
  });

  it.each(kinds)(
    'shows %s under its heading, faultless, with its channel and what may be refused',
    (kind) => {
      const section = sectionOf(kind);
      const message = signedMessage.parse(JSON.parse(textOf(kind)));
      expect(message.kind).toBe(kind);
      expect(messageFault(message)).toBeUndefined();
      expect(section).toContain(`To box · \`${CHANNEL_OF[kind]}\` · QoS ${CHANNELS[CHANNEL_OF[kind]].qos}`);
      expect(section).toContain('Failure replies: ');
      expect(section).toContain('| Field | Type | Unit or range | Meaning |');
    },
  );

  it.each(eventKinds)('has a heading and a sample for the journal event %s', (kind) => {
    expect(sectionOf('journal')).toMatch(new RegExp(`^#### ${kind}(?: event)?$`, 'm'));
    expect(journalEvent.parse(JSON.parse(textOf(`event/${kind}`))).kind).toBe(kind);
  });

  it.each(Object.entries(CHANNELS))('has a row for the channel %s', (channel, { direction, qos, retain }) => {
    expect(page).toContain(`| \`${channel}\` | ${direction} | ${qos} | ${retain ? 'yes' : 'no'} |`);
  });

  it('writes the topic as the code does', () => {
    expect(page).toContain(topicOf('{device}' as typeof SAMPLE_DEVICE, '{channel}' as 'order'));
  });

  it('has a row for every refusal code and every failure of the edge routes', () => {
    expect(REFUSAL_CODES.filter((code) => !sectionOf('Refusals').includes(`| \`${code}\` |`))).toEqual([]);
    const rows = Object.entries(EDGE_ERROR_STATUS).map(
      ([code, httpStatus]) => `| \`${code}\` | ${httpStatus} |`,
    );
    expect(rows.filter((row) => !sectionOf('Edge routes').includes(row))).toEqual([]);
  });

  it('has a heading for every edge path', () => {
    const hash = '{sha256}' as z.output<typeof sha256>;
    const paths = [
      EDGE_PATHS.enrolments,
      EDGE_PATHS.enrolment('ID'),
      EDGE_PATHS.renewals,
      EDGE_PATHS.media(hash),
      EDGE_PATHS.order(hash),
      EDGE_PATHS.original(hash),
      EDGE_PATHS.session('ID'),
    ];
    expect(paths.length).toBe(Object.keys(EDGE_PATHS).length);
    for (const path of paths)
      expect(page).toMatch(
        new RegExp(`^### \\w+ ${path.replace('ID', '{id}').replace(/[{}]/g, '\\$&')}$`, 'm'),
      );
  });

  it('has a row for every code that closes a session, and names the header of the claim', () => {
    const rows = Object.values(SESSION_CLOSE_CODES).map((code) => `| ${code} |`);
    expect(rows.filter((row) => !page.includes(row))).toEqual([]);
    expect(sectionOf(`GET ${EDGE_PATHS.enrolment('ID').replace('ID', '{id}')}`)).toContain(
      `\`${CLAIM_HEADER}\``,
    );
  });

  it.each(Object.entries(SCHEMAS))('explains every field of %s', (name, schema) => {
    const isMessage = kinds.some((kind) => kind === name);
    const section = isMessage || name === 'hello' ? sectionOf(name) : '';
    const explained = (property: string, text: string) =>
      new RegExp(`[\`.\\] ]${property}(?:\\[\\]|\\.[^\`]*)?\``).test(text);
    const json = z.toJSONSchema(isMessage ? bodyOf(name) : schema, { io: 'input', unrepresentable: 'any' });
    const everywhere = [...propertiesOf(json)].filter((property) => !explained(property, page));
    expect(everywhere, 'nowhere on the page').toEqual([]);
    const top = Object.keys(json.properties ?? {}).filter(
      (property) => section !== '' && !explained(property, section),
    );
    expect(top, `not in the section of ${name}`).toEqual([]);
  });

  it('shows bytes that open, and explains every field and fault in them', () => {
    const sample = unpackHealth(bytesOf('health'));
    expect(Buffer.from(packHealth(sample))).toEqual(bytesOf('health'));
    expect(openPing(VECTOR_MAC_KEY, SAMPLE_DEVICE, bytesOf('ping'))).toBeDefined();
    expect(openFrame(VECTOR_MAC_KEY, VECTOR_SESSION, bytesOf('frame'))).toBeDefined();
    const words = [...Object.keys(sample), ...HEALTH_FAULTS];
    expect(words.filter((word) => !sectionOf('health').includes(`\`${word}\``))).toEqual([]);
  });

  it('puts every field of a health sample at its own offset, without a gap', () => {
    const rows = [...sectionOf('health').matchAll(/^\| (\d+) \| (u8|u16|u32|bits|(\d+) bytes) \|/gm)];
    const sizes: Readonly<Record<string, number>> = { u8: 1, bits: 1, u16: 2, u32: 4 };
    let at = 0;
    for (const [, offset, type = '', count] of rows) {
      expect(Number(offset)).toBe(at);
      at += sizes[type] ?? Number(count);
    }
    expect(at).toBe(bytesOf('health').length);
  });
});

function bodyOf(kind: string): z.ZodType {
  const option = signedMessage.options.find(({ shape }) => shape.kind.value === kind);
  if (!option) throw new Error(`no schema of ${kind}`);
  return option.shape.body;
}

describe('a box on a loopback site', () => {
  it('shows its link key by HTTP Basic', () => {
    expect(linkAuthorization(SAMPLE_DEVICE, 'a-b')).toBe(
      `Basic ${Buffer.from('loa-3f8k2m:a-b').toString('base64')}`,
    );
  });
});
