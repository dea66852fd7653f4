import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { aHello, EXAMPLE_MS, sha256Of } from './builders.ts';
import { enrolment, enrolRequest, renewalRequest } from './edge-http.ts';
import { hello, status, timeRequest } from './greetings.ts';

const refused = (schema: z.ZodType, value: object) => expect(schema.safeParse(value).success).toBe(false);

describe('hello', () => {
  it('is what a new box says, and what one says that holds states', () => {
    const held = { epoch: 1, rev: 4, digest: sha256Of('plan') };
    for (const greeting of [aHello(), aHello({ states: { plan: held, hold: held } })])
      expect(hello.parse(greeting)).toEqual(greeting);
  });

  it('may name what runs beside the agent, its fail-safe, and the audit head that it witnesses', () => {
    const more = {
      components: { firmware: '2.3.0', bridge: '0.1.0' },
      failSafe: 'device-timer' as const,
      auditHead: { seq: 7, hash: sha256Of('audit') },
    };
    expect(hello.parse(aHello(more))).toEqual(aHello(more));
    refused(hello, { ...aHello(), failSafe: 'prayer' });
    refused(hello, { ...aHello(), auditHead: { seq: 7 } });
    refused(hello, { ...aHello(), components: { firmware: 'v'.repeat(65) } });
  });

  it('of a newer agent may say more than we know', () => {
    expect(hello.parse({ ...aHello(), moon: 'full' })).toEqual(aHello());
  });

  it.each([
    ['another version', { v: 2 }],
    ['a short nonce', { nonce: 'A'.repeat(21) }],
    ['no birth', { birth: 0 }],
    ['no protocol', { protocols: [] }],
    ['a state that is none', { states: { mood: { epoch: 1, rev: 1, digest: 'a'.repeat(64) } } }],
    ['a digest that is none', { states: { plan: { epoch: 1, rev: 1, digest: 'a' } } }],
    ['a journal that counts backwards', { journal: { journalId: 'jrn-1', seq: -1 } }],
    ['a clock without uncertainty', { clock: { state: 'trusted', nowMs: EXAMPLE_MS } }],
  ])('with %s is refused', (_, change) => {
    refused(hello, { ...aHello(), ...change });
  });
});

describe('status and time request', () => {
  it('say nothing but what they must', () => {
    const online = { v: 1, state: 'online', birth: 3, instanceId: 'inst-1' };
    expect(status.parse(online)).toEqual(online);
    refused(status, { ...online, state: 'perhaps' });
    refused(status, { ...online, birth: undefined });
    refused(timeRequest, { v: 1 });
  });
});

describe('an enrolment', () => {
  const request = { v: 1, claimCode: 'x'.repeat(13), csrPem: 'pem', hardware: {}, agentVersion: '0.1.0' };

  it('asks with a claim code of at least 60 bits and with nothing we do not know', () => {
    expect(enrolRequest.parse(request)).toEqual(request);
    refused(enrolRequest, { ...request, claimCode: 'x'.repeat(12) });
    refused(enrolRequest, { ...request, csrPem: 'x'.repeat(8193) });
    refused(enrolRequest, { ...request, clusterId: 'cum-thon-2' });
  });

  it('is answered with six words or not at all', () => {
    const pending = {
      status: 'pending',
      enrolmentId: 'enr_1',
      fingerprintWords: Array(6).fill('ba'),
      retryAfterS: 5,
    };
    expect(enrolment.parse(pending)).toEqual(pending);
    refused(enrolment, { ...pending, fingerprintWords: Array(5).fill('ba') });
    refused(enrolment, { ...pending, status: 'maybe' });
  });

  it('that was issued says to which authority TLS is pinned, or that there is none', () => {
    const issued = {
      status: 'issued',
      enrolmentId: 'enr_1',
      deviceId: 'loa-3f8k2m',
      clusterId: 'cum-thon-1',
      clusterName: 'Thôn 1',
      certificatePem: null,
      linkKey: 'A'.repeat(43),
      root: { kid: 'k'.repeat(43), x: 'x'.repeat(43) },
      keys: 'eyJhbGciOiJFZERTQSJ9.e30.AA',
      mqttUrl: 'mqtt://127.0.0.1:1883',
    };
    expect(enrolment.parse(issued)).toEqual({ ...issued, authorityPem: null });
    const pinned = { ...issued, authorityPem: '-----BEGIN CERTIFICATE-----' };
    expect(enrolment.parse(pinned)).toEqual(pinned);
  });

  it('is renewed by a certificate request alone: who asks is known from the connection', () => {
    expect(renewalRequest.parse({ v: 1, csrPem: 'pem' })).toEqual({ v: 1, csrPem: 'pem' });
    refused(renewalRequest, { v: 1, csrPem: 'pem', claimCode: 'x'.repeat(13) });
    refused(renewalRequest, { v: 1, csrPem: 'x'.repeat(8193) });
  });
});
